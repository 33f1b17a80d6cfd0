import { describe, expect, it } from 'vitest';
import {
  CAPTURE_TIMING,
  type CaptureState,
  captureProgress,
  frameScore,
  held,
  pressShutter,
  startCapture,
  stepCapture,
} from '#shared/capture';
import { unknownMeasures } from '#shared/measures';
import { PRESET_CRITERIA } from '#shared/quality';

/** Plays looks through the machine and keeps account of which frames are alive, as the screen has to. */
function play(looks: { at: number; ready: boolean; score?: number }[], auto = true) {
  let state: CaptureState<string> = startCapture();
  const alive = new Set<string>();
  for (const { at, ready, score = 0.5 } of looks) {
    const frame = ready ? `f${at}` : null;
    if (frame) alive.add(frame);
    const step = stepCapture(state, { at, ready, score, frame }, auto);
    for (const gone of step.release) {
      expect(alive.delete(gone)).toBe(true);
    }
    state = step.state;
    expect([...alive]).toEqual(held(state));
  }
  return { state, alive };
}

const every = (from: number, to: number, step: number, ready = true) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => ({ at: from + index * step, ready }));

describe('stepCapture', () => {
  it('takes the best frame after a second of good ones', () => {
    const looks = every(0, 1000, 100).map((look) => ({ ...look, score: look.at === 400 ? 0.9 : 0.5 }));
    const { state } = play(looks);
    expect(state).toEqual({ phase: 'captured', best: { frame: 'f400', score: 0.9, at: 400 } });
  });

  it('is not done before the window has passed', () => {
    expect(play(every(0, 900, 100)).state.phase).toBe('holding');
  });

  it('waits for enough frames on a slow machine', () => {
    expect(play(every(0, 1200, 1200)).state).toMatchObject({ phase: 'holding', frames: 2 });
    expect(play(every(0, 2400, 1200)).state.phase).toBe('captured');
  });

  it('survives a lost frame', () => {
    const looks = every(0, 1000, 100).map((look) => ({ ...look, ready: look.at !== 500 }));
    expect(play(looks).state.phase).toBe('captured');
  });

  it('starts again and lets the candidate go after a longer gap', () => {
    const gap = CAPTURE_TIMING.graceMs + 100;
    const { state, alive } = play([...every(0, 500, 100), { at: 500 + gap, ready: false }]);
    expect(state.phase).toBe('searching');
    expect(alive.size).toBe(0);
  });

  it('holds without capturing when automatic capture is off, and forgets stale frames', () => {
    const looks = every(0, 5000, 100).map((look) => ({ ...look, score: look.at === 0 ? 1 : 0.5 }));
    const { state } = play(looks, false);
    expect(state.phase).toBe('holding');
    const taken = pressShutter(state);
    expect(taken.phase === 'captured' && taken.best.at).toBeGreaterThanOrEqual(4000 - 100);
  });

  it('releases frames that arrive after the capture', () => {
    const { state } = play(every(0, 1000, 100));
    const step = stepCapture(state, { at: 1100, ready: true, score: 1, frame: 'late' }, true);
    expect(step.release).toEqual(['late']);
    expect(step.state).toBe(state);
  });
});

describe('pressShutter', () => {
  it('does nothing while there is no good frame', () => {
    expect(pressShutter(startCapture<string>())).toEqual({ phase: 'searching' });
  });
});

describe('every phase and everything that can happen in it', () => {
  const AT = 2000;
  const kept = { frame: 'kept', score: 0.6, at: AT - 100 };
  const best = { frame: 'best', score: 0.6, at: AT - 100 };
  const holding = (since: number, frames: number, lastReadyAt = AT - 100): CaptureState<string> => ({
    ...{ phase: 'holding', since, frames, lastReadyAt },
    best: kept,
  });
  const PHASES = {
    searching: startCapture<string>(),
    'holding, just begun': holding(AT - 100, 1),
    'holding, nearly done': holding(AT - CAPTURE_TIMING.windowMs, CAPTURE_TIMING.minFrames - 1),
    'holding, long not good': holding(AT - 900, 2, AT - CAPTURE_TIMING.graceMs - 1),
    captured: { phase: 'captured', best } satisfies CaptureState<string>,
  } as const;
  const LOOKS = {
    'a better frame': { ready: true, score: 0.9, frame: 'new' },
    'a worse frame': { ready: true, score: 0.1, frame: 'new' },
    'a quick look that is good': { ready: true, score: 0.5, frame: null },
    'a bad look': { ready: false, score: 0, frame: null },
  } as const;

  // The phase it leads to, and the frames let go of.
  it.each<[keyof typeof PHASES, keyof typeof LOOKS, string, string[]]>([
    ['searching', 'a better frame', 'holding new', []],
    ['searching', 'a quick look that is good', 'searching', []],
    ['searching', 'a bad look', 'searching', []],
    ['holding, just begun', 'a better frame', 'holding new', ['kept']],
    ['holding, just begun', 'a worse frame', 'holding kept', ['new']],
    ['holding, just begun', 'a quick look that is good', 'holding kept', []],
    ['holding, just begun', 'a bad look', 'holding kept', []],
    ['holding, nearly done', 'a better frame', 'captured new', ['kept']],
    ['holding, nearly done', 'a worse frame', 'captured kept', ['new']],
    ['holding, nearly done', 'a quick look that is good', 'holding kept', []],
    ['holding, nearly done', 'a bad look', 'holding kept', []],
    ['holding, long not good', 'a quick look that is good', 'holding kept', []],
    ['holding, long not good', 'a bad look', 'searching', ['kept']],
    ['captured', 'a better frame', 'captured best', ['new']],
    ['captured', 'a bad look', 'captured best', []],
  ])('%s: %s leads to %s', (phase, look, leads, release) => {
    const step = stepCapture<string>(PHASES[phase], { at: AT, ...LOOKS[look] }, true);
    expect([step.state.phase, ...held(step.state)].join(' ')).toBe(leads);
    expect(step.release).toEqual(release);
  });

  it.each<[keyof typeof PHASES, string]>([
    ['searching', 'searching'],
    ['holding, just begun', 'captured kept'],
    ['holding, long not good', 'captured kept'],
    ['captured', 'captured best'],
  ])('%s: the shutter leads to %s', (phase, leads) => {
    const state = pressShutter<string>(PHASES[phase]);
    expect([state.phase, ...held(state)].join(' ')).toBe(leads);
  });
});

describe('captureProgress', () => {
  it('goes from nothing to everything', () => {
    expect(captureProgress(startCapture<string>())).toBe(0);
    expect(captureProgress(play(every(0, 500, 100)).state)).toBeCloseTo(0.5);
    expect(captureProgress(play(every(0, 1000, 100)).state)).toBe(1);
  });
  it('does not promise more than the frames allow', () => {
    expect(captureProgress(play(every(0, 900, 900)).state)).toBeCloseTo(2 / 3);
  });
});

describe('frameScore', () => {
  const criteria = PRESET_CRITERIA.standard;
  const good = { ...unknownMeasures(), yaw: 0, pitch: 0, roll: 0, sharpness: 0.4, eyesOpen: 1, mouthOpen: 0 };
  it('prefers the frontal, sharp, open-eyed frame', () => {
    const best = frameScore(good, criteria);
    expect(best).toBeGreaterThan(frameScore({ ...good, yaw: 15 }, criteria));
    expect(best).toBeGreaterThan(frameScore({ ...good, sharpness: 0.2 }, criteria));
    expect(best).toBeGreaterThan(frameScore({ ...good, eyesOpen: 0.2 }, criteria));
    expect(best).toBeGreaterThan(frameScore({ ...good, mouthOpen: 0.8 }, criteria));
  });
  it('stays between 0 and 1 and is 0 when nothing is known', () => {
    expect(frameScore(unknownMeasures(), criteria)).toBe(0);
    expect(frameScore({ ...good, yaw: 90, pitch: -90, sharpness: 5 }, criteria)).toBeLessThanOrEqual(1);
    expect(frameScore({ ...good, yaw: 90, pitch: -90 }, criteria)).toBeGreaterThanOrEqual(0);
  });
});
