import { beforeEach, describe, expect, it } from 'vitest';
import { type Inspection, unknownMeasures } from '#shared/measures';
import type { Criteria } from '#shared/quality';
import { LiveSession, type LiveView } from '../../../src/renderer/capture/live-session.ts';
import { PresenceGate } from '../../../src/renderer/capture/presence-gate.ts';
import { GOOD_MEASURES } from '../../fixtures/good-measures.ts';

/** Frames that know whether they were closed. */
class FakeFrame {
  readonly id: number;
  closed = 0;
  constructor(id: number) {
    this.id = id;
  }
  close(): void {
    this.closed += 1;
  }
}

type Look = { faces?: number; sharpness?: number; x?: number; fails?: boolean };

const FRAME_MS = 100;

/** Limits of the test's own, so that a calibration of the presets does not move it. */
const CRITERIA: Criteria = { sharpness: { min: 0.2 }, faceSize: { min: 0.1 }, yaw: { min: -20, max: 20 } };

function inspection({ faces = 1, sharpness = 0.4, x = 540 }: Look): Inspection {
  const box = { x, y: 200, width: 200, height: 240 };
  return {
    width: 1280,
    height: 720,
    faces: Array.from({ length: faces }, () => ({ box, score: 1, relativeSize: 1 })),
    box: faces ? box : null,
    eyes: null,
    measures: faces
      ? {
          ...GOOD_MEASURES,
          sharpness,
          faceSize: 0.33,
          interEyeDistance: 90,
          centreX: (x + 100) / 1280,
          centreY: 0.45,
        }
      : unknownMeasures(),
    ms: 1,
  };
}

/** Plays looks, a frame each 100 ms of a clock that only the frames move, and keeps account of every frame made. */
function stage(looks: Look[], { auto = true, presence }: { auto?: boolean; presence?: PresenceGate } = {}) {
  const frames: FakeFrame[] = [];
  const views: LiveView[] = [];
  const captured: FakeFrame[] = [];
  const failures: unknown[] = [];
  let at = 0;
  let index = 0;
  let sourceClosed = 0;
  let onFrame: (index: number) => void = () => undefined;
  const make = (id: number) => {
    const frame = new FakeFrame(id);
    frames.push(frame);
    return frame;
  };
  const session = new LiveSession<FakeFrame>({
    source: {
      async next() {
        onFrame(index);
        at = index * FRAME_MS;
        return index < looks.length ? make(index++) : null;
      },
      copy: async (frame) => make(frame.id),
      close: () => {
        sourceClosed += 1;
      },
    },
    async inspect(frame) {
      frame.close();
      const look = looks[frame.id] ?? {};
      if (look.fails) throw new Error('engine');
      return inspection(look);
    },
    now: () => at,
    criteria: () => CRITERIA,
    auto: () => auto,
    ...(presence && { presence }),
    onView: (view) => views.push(view),
    onCaptured: (frame) => captured.push(frame),
    onFailed: (error) => failures.push(error),
  });
  return {
    session,
    frames,
    views,
    captured,
    failures,
    before: (listener: (index: number) => void) => {
      onFrame = listener;
    },
    sourceClosed: () => sourceClosed,
    /** Frames neither closed nor handed to `onCaptured`, and frames closed although they were handed over. */
    leaks: () => frames.filter((frame) => (frame.closed === 0) !== captured.includes(frame)),
  };
}

const good = (count: number): Look[] => Array.from({ length: count }, () => ({}));

describe('LiveSession', () => {
  let played: ReturnType<typeof stage>;
  beforeEach(() => {
    played = stage([]);
  });

  it('captures the best of a second of good frames and leaks none', async () => {
    played = stage([...good(4), { sharpness: 0.9 }, ...good(20)]);
    await played.session.run();
    expect(played.captured.map((frame) => frame.id)).toEqual([4]);
    expect(played.leaks()).toEqual([]);
    expect(played.sourceClosed()).toBe(1);
    expect(played.views.at(-1)).toMatchObject({ instruction: 'good', progress: 1 });
  });

  it('captures nothing while nobody is there', async () => {
    played = stage(Array.from({ length: 30 }, () => ({ faces: 0 })));
    await played.session.run();
    expect(played.captured).toEqual([]);
    expect(played.leaks()).toEqual([]);
    expect(played.views.every((view) => view.instruction === 'no-face' && !view.accepted)).toBe(true);
  });

  it('tells what does not change once a second, and not with every frame', async () => {
    played = stage(Array.from({ length: 30 }, () => ({ faces: 2 })));
    await played.session.run();
    const told = played.views.filter(({ instruction }) => instruction === 'one-person').map(({ looks }) => looks);
    // Ten frames a second: after it was first told, each tenth.
    expect(told.length).toBeGreaterThan(1);
    expect(told.slice(1).map((looks, n) => looks - (told[n] ?? 0))).toEqual(told.slice(1).map(() => 10));
  });

  it('does not capture two people', async () => {
    played = stage(Array.from({ length: 30 }, () => ({ faces: 2 })));
    await played.session.run();
    expect(played.captured).toEqual([]);
    expect(played.views.at(-1)?.instruction).toBe('one-person');
  });

  it('waits for a face that moves', async () => {
    played = stage(Array.from({ length: 20 }, (_, index) => ({ x: index % 4 < 2 ? 480 : 580 })));
    await played.session.run();
    expect(played.captured).toEqual([]);
    expect(played.views.some((view) => view.accepted)).toBe(true);
    expect(played.leaks()).toEqual([]);
  });

  it('leaves the moment to the shutter when automatic capture is off', async () => {
    played = stage(good(40), { auto: false });
    played.before((index) => {
      if (index === 30) played.session.shutter();
    });
    await played.session.run();
    expect(played.captured).toHaveLength(1);
    expect(played.views.every((view) => view.progress === 0)).toBe(true);
    expect(played.leaks()).toEqual([]);
  });

  it('takes an accepted frame outside the oval when the shutter is pressed', async () => {
    played = stage(Array.from({ length: 20 }, () => ({ x: 200 })));
    played.before((index) => {
      if (index === 10) played.session.shutter();
    });
    await played.session.run();
    expect(played.captured.map((frame) => frame.id)).toEqual([10]);
    expect(played.leaks()).toEqual([]);
  });

  it('ignores the shutter while the picture is not accepted', async () => {
    played = stage(Array.from({ length: 20 }, () => ({ sharpness: 0 })));
    played.before(() => played.session.shutter());
    await played.session.run();
    expect(played.captured).toEqual([]);
  });

  it('survives a frame the engine fails on, and gives up after three in a row', async () => {
    played = stage([{}, { fails: true }, ...good(15)]);
    await played.session.run();
    expect(played.captured).toHaveLength(1);
    expect(played.failures).toEqual([]);

    played = stage(Array.from({ length: 10 }, () => ({ fails: true })));
    await played.session.run();
    expect(played.failures).toHaveLength(1);
    expect(played.frames.length).toBeLessThanOrEqual(6);
    expect(played.leaks()).toEqual([]);
  });

  it('lets everything go when it is stopped', async () => {
    played = stage(good(40), { auto: false });
    played.before((index) => {
      if (index === 12) played.session.stop();
    });
    await played.session.run();
    expect(played.captured).toEqual([]);
    expect(played.leaks()).toEqual([]);
    expect(played.sourceClosed()).toBe(1);
  });
});

describe('LiveSession behind a presence check', () => {
  it('takes no picture before it is passed, by itself or by the shutter, and one after it was permitted to be left out', async () => {
    const gate = new PresenceGate(
      () => true,
      () => 0,
    );
    const played = stage(good(40), { presence: gate });
    played.before((index) => {
      played.session.shutter();
      if (index === 20) gate.skip('permission');
    });
    await played.session.run();
    expect(played.captured).toHaveLength(1);
    expect(played.captured[0]?.id).toBeGreaterThanOrEqual(20);
    expect(played.views.filter(({ looks }) => looks <= 20).every((view) => !view.accepted && view.progress === 0)).toBe(
      true,
    );
    expect(gate.report).toEqual({ result: 'skipped', permission: 'permission' });
    expect(played.leaks()).toEqual([]);
  });
});
