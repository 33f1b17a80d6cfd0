import type { MeasureName, Measures } from './measures.ts';
import type { Criteria, Limit } from './quality.ts';

/**
 * Automatic capture: of the frames that are good for about a second, keep the best one. A state machine without a clock,
 * a camera or pixels of its own: `F` is whatever names a frame's pixels, and each step says which frames to let go of, so that
 * never more than one candidate is held in memory.
 */
export interface CaptureTiming {
  /** How long good frames are collected before the best is taken. */
  windowMs: number;
  /** At least so many good frames: on a slow machine a second may hold one or two. */
  minFrames: number;
  /** A gap of bad frames this short does not start the wait again (engines lose a face for single frames). */
  graceMs: number;
}

export const CAPTURE_TIMING: CaptureTiming = { windowMs: 1000, minFrames: 3, graceMs: 350 };

export interface Candidate<F> {
  frame: F;
  score: number;
  at: number;
}

export type CaptureState<F> =
  | { phase: 'searching' }
  | { phase: 'holding'; since: number; lastReadyAt: number; frames: number; best: Candidate<F> | null }
  | { phase: 'captured'; best: Candidate<F> };

/** One frame's look. `frame` is null when its pixels were not kept (a frame that was not accepted, or was not looked at in full). */
export interface CaptureLook<F> {
  at: number;
  /** Counts for the automatic capture. */
  ready: boolean;
  /** 0–1, larger is better. */
  score: number;
  frame: F | null;
}

export interface CaptureStep<F> {
  state: CaptureState<F>;
  /** Frames whose pixels are no longer needed. */
  release: F[];
}

/** The state before the first frame. */
export function startCapture<F>(): CaptureState<F> {
  return { phase: 'searching' };
}

/** The state after one more look. With `auto` false it only ever holds: the shutter takes what is best of the last second. */
export function stepCapture<F>(
  state: CaptureState<F>,
  look: CaptureLook<F>,
  auto: boolean,
  timing: CaptureTiming = CAPTURE_TIMING,
): CaptureStep<F> {
  const mine = look.frame === null ? [] : [look.frame];
  if (state.phase === 'captured') return { state, release: mine };

  if (look.ready && look.frame === null) {
    // Good still, but no picture to choose: it only keeps the wait going.
    return { state: state.phase === 'holding' ? { ...state, lastReadyAt: look.at } : state, release: mine };
  }
  if (!look.ready || look.frame === null) {
    if (state.phase === 'searching') return { state, release: mine };
    if (look.at - state.lastReadyAt <= timing.graceMs) return { state, release: mine };
    return { state: { phase: 'searching' }, release: [...mine, ...held(state)] };
  }

  const candidate: Candidate<F> = { frame: look.frame, score: look.score, at: look.at };
  if (state.phase === 'searching') {
    return {
      state: { phase: 'holding', since: look.at, lastReadyAt: look.at, frames: 1, best: candidate },
      release: [],
    };
  }
  const { best, release } = better(state.best, candidate, auto ? Number.POSITIVE_INFINITY : timing.windowMs);
  const frames = state.frames + 1;
  const done = auto && frames >= timing.minFrames && look.at - state.since >= timing.windowMs;
  return {
    state: done
      ? { phase: 'captured', best }
      : { phase: 'holding', since: state.since, lastReadyAt: look.at, frames, best },
    release,
  };
}

/** The shutter was pressed: takes the best frame held. Unchanged when there is none. */
export function pressShutter<F>(state: CaptureState<F>): CaptureState<F> {
  return state.phase === 'holding' && state.best ? { phase: 'captured', best: state.best } : state;
}

/** Every frame the state still holds. */
export function held<F>(state: CaptureState<F>): F[] {
  return state.phase !== 'searching' && state.best ? [state.best.frame] : [];
}

/** How far the automatic capture has come, 0–1: what the ring shows. */
export function captureProgress<F>(state: CaptureState<F>, timing: CaptureTiming = CAPTURE_TIMING): number {
  if (state.phase === 'captured') return 1;
  if (state.phase === 'searching') return 0;
  const time = (state.lastReadyAt - state.since) / timing.windowMs;
  return Math.max(0, Math.min(1, time, state.frames / timing.minFrames));
}

function better<F>(
  held: Candidate<F> | null,
  next: Candidate<F>,
  maxAgeMs: number,
): { best: Candidate<F>; release: F[] } {
  if (held === null) return { best: next, release: [] };
  const stale = next.at - held.at > maxAgeMs;
  return stale || next.score > held.score
    ? { best: next, release: [held.frame] }
    : { best: held, release: [next.frame] };
}

/** How much each measure says about which of several accepted frames is the one to keep. */
const WEIGHTS: readonly (readonly [MeasureName, number, (value: number, limit: Limit | undefined) => number])[] = [
  ['yaw', 3, (value, limit) => 1 - Math.abs(value) / halfRange(limit, 30)],
  ['pitch', 2, (value, limit) => 1 - Math.abs(value) / halfRange(limit, 30)],
  ['roll', 1, (value, limit) => 1 - Math.abs(value) / halfRange(limit, 25)],
  // Sharpness has no upper end: doubling the minimum is worth half of what is left to gain.
  ['sharpness', 4, (value, limit) => 1 - 1 / (1 + Math.max(0, value) / (limit?.min || 0.17))],
  ['eyesOpen', 3, (value) => value],
  ['mouthOpen', 1, (value) => 1 - value],
  ['occlusion', 2, (value) => 1 - value],
  ['illuminationUniformity', 1, (value) => value],
  ['overExposed', 1, (value) => 1 - value],
  ['centreX', 1, (value) => 1 - Math.abs(value - 0.5) * 2],
];

/** How good an accepted frame is, 0–1. What could not be told neither helps nor harms. */
export function frameScore(measures: Measures, criteria: Criteria): number {
  let sum = 0;
  let weight = 0;
  for (const [name, share, rate] of WEIGHTS) {
    const value = measures[name];
    if (value === null) continue;
    sum += share * Math.max(0, Math.min(1, rate(value, criteria[name])));
    weight += share;
  }
  return weight === 0 ? 0 : sum / weight;
}

function halfRange(limit: Limit | undefined, otherwise: number): number {
  const ends = [limit?.min, limit?.max].filter((end) => end !== undefined).map(Math.abs);
  return Math.max(...(ends.length > 0 ? ends : [otherwise]), 1);
}
