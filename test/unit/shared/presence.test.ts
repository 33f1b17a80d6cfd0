import { describe, expect, it } from 'vitest';
import { type Box, type Inspection, type Point, unknownMeasures } from '#shared/measures';
import {
  chooseActions,
  PRESENCE_TIMING,
  type PresenceAction,
  type PresenceLook,
  type PresenceState,
  presenceLook,
  startPresence,
  stepPresence,
} from '#shared/presence';
import { foreshortening, noseParallax, ownPoints } from '#shared/presence-geometry';

const FRAME_MS = 100;
const IED = 80;

/** Depth of a point of a face before the plane of the eyes, in inter-eye distances: a nose, cheeks and a jaw that falls back. */
function depthOf(index: number, x: number): number {
  const nose: Record<number, number> = {
    27: 0.15,
    28: 0.3,
    29: 0.4,
    30: 0.55,
    31: 0.25,
    32: 0.3,
    33: 0.32,
    34: 0.3,
    35: 0.25,
  };
  return nose[index] ?? (index >= 48 ? 0.2 : 0.1 - 0.5 * x * x);
}

/** The 68 points of somebody who looks at us: x and y in inter-eye distances from the middle between the eyes. */
const FACE: readonly Point[] = Array.from({ length: 68 }, (_, n): Point => {
  if (n <= 16) {
    const angle = (Math.PI * (16 - n)) / 16;
    return { x: 1.05 * Math.cos(angle), y: 0.1 + 1.6 * Math.sin(angle) };
  }
  if (n <= 26) return { x: -0.9 + ((n - 17) * 1.8) / 9, y: -0.35 };
  if (n <= 30) return { x: 0, y: (n - 27) * 0.23 };
  if (n <= 35) return { x: (n - 33) * 0.13, y: 0.82 };
  if (n <= 41)
    return { x: -0.5 + Math.cos((Math.PI * (n - 39)) / 3) * 0.2, y: Math.sin((Math.PI * (n - 39)) / 3) * 0.07 };
  if (n <= 47)
    return { x: 0.5 - Math.cos((Math.PI * (n - 42)) / 3) * 0.2, y: Math.sin((Math.PI * (n - 42)) / 3) * 0.07 };
  return { x: Math.cos((Math.PI * 2 * (n - 54)) / 12) * 0.42, y: 1.15 + Math.sin((Math.PI * 2 * (n - 54)) / 12) * 0.1 };
});

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** How a thing stands before the camera. `turn`: how far it is turned; `yaw`: what the engine says. */
interface Shown {
  turn?: number;
  yaw?: number;
  eyes?: number | null;
  x?: number;
  size?: number;
  faces?: number;
  ready?: boolean;
  /** A plane instead of a head; of a bent one the engine sees some of the head that is on it. */
  flat?: boolean;
  bent?: number;
  who?: number;
}

function lookAt(shown: Shown, at: number): PresenceLook {
  const { turn = 0, eyes = 0.9, x = 320, size = 1, faces = 1, flat = false, bent = 0, who = 1 } = shown;
  const yaw = shown.yaw ?? turn;
  const box: Box = { x: x - 90 * size, y: 200 - 110 * size, width: 180 * size, height: 220 * size };
  const landmarks = FACE.map((p, n): Point => {
    // Yaw + turns to image-left: what is in front of the axis goes left.
    const depth = flat ? bent * depthOf(n, p.x) : depthOf(n, p.x);
    const px = p.x * Math.cos(radians(turn)) - depth * Math.sin(radians(turn));
    return { x: x + px * IED * size, y: 180 + p.y * IED * size };
  });
  const look = Array.from({ length: 64 }, (_, n) => Math.sin(n * who) / Math.sqrt(32));
  const inspection: Inspection = {
    width: 640,
    height: 480,
    faces: Array.from({ length: faces }, () => ({ box, score: 1, relativeSize: 1 })),
    box: faces ? box : null,
    eyes: null,
    measures: faces ? { ...unknownMeasures(), yaw, eyesOpen: eyes } : unknownMeasures(),
    live: faces ? { landmarks, look } : null,
    ms: 1,
  };
  return presenceLook(inspection, shown.ready ?? (faces === 1 && Math.abs(yaw) < 8), at);
}

/** Random numbers that make the check ask for these actions. */
function asking(...actions: PresenceAction[]): () => number {
  const left: PresenceAction[] = ['blink', 'turn-left', 'turn-right'];
  const numbers = actions.map((action) => {
    const index = left.indexOf(action);
    const value = (index + 0.5) / left.length;
    left.splice(index, 1);
    return value;
  });
  let n = 0;
  return () => numbers[n++ % numbers.length] ?? 0;
}

/** Plays frames and tells every state. */
function play(frames: Shown[], random: () => number, { every = FRAME_MS, from = startPresence(), start = 0 } = {}) {
  const states: PresenceState[] = [];
  let state: PresenceState = from;
  frames.forEach((shown, n) => {
    state = stepPresence(state, lookAt(shown, start + n * every), random);
    states.push(state);
  });
  return { state, states, phases: [...new Set(states.map(({ phase }) => phase))] };
}

const still = (count: number, shown: Shown = {}): Shown[] => Array.from({ length: count }, () => shown);
const ramp = (to: number, looks: number, shown: (turn: number) => Shown = (turn) => ({ turn })): Shown[] => {
  const up = Array.from({ length: looks }, (_, n) => shown((to * (n + 1)) / looks));
  return [...up, ...up.toReversed(), shown(0)];
};
const LEFT = ramp(-25, 5);
const RIGHT = ramp(25, 5);
const BLINK: Shown[] = [{ eyes: 0.5 }, { eyes: 0.05 }, { eyes: 0 }, { eyes: 0.1 }, { eyes: 0.6 }, { eyes: 0.9 }];
const failure = (state: PresenceState) => (state.phase === 'failed' ? state.reason : null);

describe('what is asked for', () => {
  it('is two different things, a turn among them, any of the six ways', () => {
    const seen = new Set<string>();
    for (let n = 0; n < 300; n++) {
      let number = n;
      const random = () => {
        number = (number * 16807 + 11) % 2147483647;
        return (number % 997) / 997;
      };
      const actions = chooseActions(random, true);
      expect(new Set(actions).size).toBe(2);
      expect(actions.some((action) => action !== 'blink')).toBe(true);
      seen.add(actions.join());
    }
    expect(seen.size).toBe(6);
  });

  it('is no blink where eyes cannot be seen to shut', () => {
    for (const number of [0, 0.3, 0.6, 0.99]) expect(chooseActions(() => number, false)).not.toContain('blink');
    const { state } = play(still(8, { eyes: null }), () => 0);
    expect(state).toMatchObject({ phase: 'acting', actions: ['turn-left', 'turn-right'] });
  });
});

describe('somebody who is there', () => {
  it('passes by doing what is asked, in order', () => {
    const { state } = play([...still(6), ...BLINK, ...still(4), ...LEFT, ...still(3)], asking('blink', 'turn-left'));
    expect(state).toMatchObject({ phase: 'passed', actions: ['blink', 'turn-left'] });
  });

  it.each([
    ['fast', 2, 70],
    ['slow', 30, 100],
    ['slow before a slow machine', 6, 400],
  ])('passes however %s they turn', (_, looks, every) => {
    const frames = [...still(12), ...ramp(24, looks), ...still(3), ...ramp(-24, looks), ...still(4)];
    expect(play(frames, asking('turn-right', 'turn-left'), { every }).state.phase).toBe('passed');
  });

  it('may take their time before they begin', () => {
    const frames = [...still(6), ...still(45), ...LEFT, ...still(40), ...RIGHT, ...still(3)];
    expect(play(frames, asking('turn-left', 'turn-right')).state.phase).toBe('passed');
  });

  it('passes although the engine loses the face for a moment', () => {
    const gap = still(6, { faces: 0 });
    const frames = [
      ...still(6),
      ...gap,
      ...LEFT.slice(0, 4),
      ...gap,
      ...LEFT.slice(4),
      ...still(4),
      ...RIGHT,
      ...still(3),
    ];
    expect(play(frames, asking('turn-left', 'turn-right')).state.phase).toBe('passed');
  });

  it('is asked to turn when their blink is not to be seen, as behind glasses', () => {
    const weak = [{ eyes: 0.9 }, { eyes: 0.6 }, { eyes: 0.5 }, { eyes: 0.9 }];
    const waiting = [...weak, ...still(12), ...weak, ...still(35)];
    const { state, states } = play([...still(6), ...waiting], asking('blink', 'turn-left'));
    expect(state).toMatchObject({ phase: 'acting', actions: ['turn-right', 'turn-left'], step: 0 });
    const at = states.length * FRAME_MS;
    const rest = play([...RIGHT, ...still(3), ...LEFT, ...still(3)], () => 0, { from: state, start: at });
    expect(rest.state.phase).toBe('passed');
  });

  it('is told and asked anew when time is up, and passes then', () => {
    const long = still(PRESENCE_TIMING.stepMs / FRAME_MS + 8);
    const first = play(long, asking('turn-left', 'turn-right'));
    expect(failure(first.state)).toBe('timed-out');
    const start = long.length * FRAME_MS;
    const pause = PRESENCE_TIMING.pauseMs / FRAME_MS + 1;
    const again = [...still(pause + 6), ...RIGHT, ...still(3), ...LEFT, ...still(3)];
    const second = play(again, asking('turn-right', 'turn-left'), { from: first.state, start });
    expect(second.state).toMatchObject({ phase: 'passed', actions: ['turn-right', 'turn-left'] });
  });

  it('has three tries, then somebody is to help', () => {
    const { state, states } = play(still(400), asking('turn-left', 'turn-right'));
    expect(state).toMatchObject({ phase: 'failed', tries: PRESENCE_TIMING.tries });
    expect(stepPresence(state, lookAt({}, 10_000_000), () => 0)).toBe(state);
    expect(states.filter(({ phase }, n) => phase === 'failed' && states[n - 1]?.phase !== 'failed')).toHaveLength(3);
  });

  it('is not let through for another movement than asked', () => {
    expect(failure(play([...still(6), ...RIGHT], asking('turn-left', 'blink')).state)).toBe('other-move');
    expect(failure(play([...still(6), ...RIGHT], asking('blink', 'turn-left')).state)).toBe('other-move');
    // Everything, again and again: what a film of somebody would show.
    const film = Array.from({ length: 6 }, () => [...BLINK, ...RIGHT, ...BLINK, ...LEFT]).flat();
    expect(play([...still(6), ...film], asking('turn-left', 'turn-right')).phases).not.toContain('passed');
  });

  it('who goes away is not blamed, and whoever comes begins anew', () => {
    const { state } = play([...still(6), ...LEFT, ...still(12, { faces: 0 })], asking('turn-left', 'turn-right'));
    expect(state).toMatchObject({ phase: 'settling', tries: 0 });
  });
});

describe('a photo', () => {
  const jitter = (count: number, shown: Shown = {}): Shown[] =>
    Array.from({ length: count }, (_, n) => ({
      ...shown,
      flat: true,
      x: 320 + 9 * Math.sin(n * 1.3),
      size: 1 + 0.03 * Math.sin(n * 0.9),
      yaw: (shown.yaw ?? 0) + 2 * Math.sin(n * 2.1),
      eyes: 0.9 + 0.1 * Math.sin(n * 1.7),
    }));

  it.each([
    ['blink', 'turn-left'],
    ['turn-right', 'blink'],
    ['turn-left', 'turn-right'],
  ] as const)('in a hand that trembles does not pass %s and %s', (first, second) => {
    const { state, phases } = play(jitter(600), asking(first, second));
    expect(phases).not.toContain('passed');
    expect(state.phase).toBe('failed');
  });

  it('tilted to and fro does not pass: the engine hardly sees it turn', () => {
    const swing = (to: number) => ramp(to, 8, (turn) => ({ turn, yaw: turn / 9, flat: true }));
    const frames = [
      ...still(6, { flat: true }),
      ...Array.from({ length: 20 }, () => [...swing(-45), ...swing(45)]).flat(),
    ];
    expect(play(frames, asking('turn-left', 'turn-right')).phases).not.toContain('passed');
  });

  it('turned so far that the engine takes it for a turned head is told by its narrowness', () => {
    // Measured: bent round, turned by 50°, it reads as 20°, its nose moved along.
    const swing = (to: number) => ramp(to, 12, (turn) => ({ turn, yaw: turn * 0.4, flat: true, bent: 0.8 }));
    const left = [
      ...still(6, { flat: true, bent: 0.8 }),
      ...swing(-50),
      ...still(60, { flat: true, bent: 0.8, ready: false }),
    ];
    const { state, phases } = play(left, asking('turn-left', 'turn-right'));
    expect(phases).not.toContain('passed');
    expect(failure(state)).toBe('flat');
  });

  it('is explained by an affine map, however it is turned; a head is not', () => {
    const points = (shown: Shown) => ownPoints(lookAt(shown, 0).face?.live ?? { landmarks: [], look: [] }) ?? [];
    for (const turn of [-50, -25, 25, 50]) {
      expect(noseParallax(points({ flat: true }), points({ flat: true, turn }))).toBeCloseTo(0, 6);
      expect(foreshortening(points({ flat: true }), 0, points({ flat: true, turn }), 0)).toBeCloseTo(
        Math.cos(radians(turn)),
        6,
      );
    }
    expect(noseParallax(points({}), points({ turn: 20 }))).toBeGreaterThan(0.1);
    expect(noseParallax(points({}), points({ turn: -20 }))).toBeLessThan(-0.1);
    expect(foreshortening(points({}), 0, points({ turn: 20 }), 20)).toBeCloseTo(1, 1);
  });

  it('with shut eyes drawn on, held up for one frame, is no blink', () => {
    const frames = [...still(6), ...still(10), { eyes: 0 }, ...still(30)];
    expect(play(frames, asking('blink', 'turn-left')).state).toMatchObject({ phase: 'acting', step: 0, part: 'doing' });
  });
});

describe('one face from the first look to the picture', () => {
  const passed = play([...still(6), ...LEFT, ...still(4), ...RIGHT, ...still(3)], asking('turn-left', 'turn-right'));
  const start = passed.states.length * FRAME_MS;
  const later = (frames: Shown[]) => play(frames, () => 0, { from: passed.state, start }).state;

  it('stays passed while it is looked at, and not for ever', () => {
    expect(passed.state.phase).toBe('passed');
    expect(later(still(20)).phase).toBe('passed');
    expect(later(still(PRESENCE_TIMING.freshMs / FRAME_MS + 10)).phase).not.toBe('passed');
  });

  it.each<[string, Shown]>([
    ['stands elsewhere', { x: 520 }],
    ['is larger', { size: 1.5 }],
    ['looks different', { who: 3 }],
  ])('begins anew when the face %s at once', (_, shown) => {
    expect(later(still(2, shown)).phase).toBe('settling');
  });

  it('begins anew after it was away', () => {
    expect(later([...still(11, { faces: 0 }), ...still(1)]).phase).toBe('settling');
  });

  it('fails when it is exchanged between two things to do', () => {
    const half = play([...still(6), ...LEFT, ...still(4), ...still(3, { who: 3 })], asking('turn-left', 'turn-right'));
    expect(failure(half.state)).toBe('replaced');
    const jump = play([...still(6), ...LEFT, ...still(4), { x: 560 }], asking('turn-left', 'turn-right'));
    expect(failure(jump.state)).toBe('replaced');
  });

  it('lets a second face beside be no proof of anything', () => {
    expect(play(still(30, { faces: 2 }), () => 0).phases).toEqual(['settling']);
  });
});
