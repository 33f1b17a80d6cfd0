import type { Box, Inspection } from './measures.ts';
import {
  BLINKABLE,
  blinked,
  type Evidence,
  HEAD_LOOKS,
  nothing,
  OPEN,
  openness,
  type PresenceFace,
  type Reference,
  SHUT,
  STRAIGHT,
  seenTurned,
  watchEyes,
  watchTurn,
} from './presence-evidence.ts';
import { likeness, ownPoints } from './presence-geometry.ts';

/**
 * The presence check of an unattended station: the person does two small things in an order nobody knows before, and the picture is taken
 * of the same face afterwards. A photo held to the camera does not pass. It is an aid, no certified liveness detection: a film of somebody
 * who happens to do the right things, or a mask worn, would (docs/security.md).
 *
 * A state machine without clock, camera or randomness of its own.
 */
export const PRESENCE_ACTIONS = ['blink', 'turn-left', 'turn-right'] as const;
/** What is asked for; sides are the person's own. */
export type PresenceAction = (typeof PRESENCE_ACTIONS)[number];

/** Why a try was not passed. `other-move`: something else was done than asked. `replaced`: another face, or the same one elsewhere at once. */
export type PresenceFailure = 'timed-out' | 'other-move' | 'flat' | 'replaced';

export interface PresenceTiming {
  /** So long, and so many looks, straight and still before the first thing is asked for: what the rest is compared with. */
  settleMs: number;
  settleLooks: number;
  /** For one thing to do. */
  stepMs: number;
  /** Somebody whose eyes were not seen to shut by then (glasses, narrow eyes) is asked to turn instead. */
  blinkMs: number;
  /** A face may be lost this long: engines lose one for single frames. */
  gapMs: number;
  /** How long a try that was not passed is explained before the next begins. */
  pauseMs: number;
  /** So many tries, then a person is wanted. */
  tries: number;
  /** The picture is to be taken within this time. */
  freshMs: number;
}

export const PRESENCE_TIMING: PresenceTiming = {
  settleMs: 500,
  settleLooks: 4,
  stepMs: 8_000,
  blinkMs: 5_000,
  gapMs: 900,
  pauseMs: 2_500,
  tries: 3,
  freshMs: 30_000,
};

/** Between two looks a face may move by this share of its width and, for each second between them, by this more; likewise grow. */
const MOVE = { atOnce: 0.35, perSecond: 1.5 } as const;
const GROW = { atOnce: 0.15, perSecond: 0.8 } as const;
/** `likeness` below this, twice, is another face. */
const ALIKE = 0.6;

/** What one frame told. */
export interface PresenceLook {
  at: number;
  /** One face, and all measures there are; else null. */
  face: PresenceFace | null;
  /** Straight, still and in its place: what the guide calls good. */
  ready: boolean;
}

interface Trace {
  box: Box;
  at: number;
}

export type PresenceState =
  | { phase: 'settling'; tries: number; since: number | null; looks: number; last: Trace | null }
  | {
      phase: 'acting';
      tries: number;
      actions: readonly PresenceAction[];
      step: number;
      /** `back`: done, now straight again. */
      part: 'doing' | 'back';
      since: number;
      evidence: Evidence;
      reference: Reference;
      last: Trace;
      unlike: number;
    }
  | {
      phase: 'passed';
      actions: readonly PresenceAction[];
      at: number;
      reference: Reference;
      last: Trace;
      unlike: number;
    }
  | { phase: 'failed'; reason: PresenceFailure; tries: number; at: number };

/** The state before anybody was seen. */
export function startPresence(): PresenceState {
  return { phase: 'settling', tries: 0, since: null, looks: 0, last: null };
}

/** What the presence check takes from one live look. */
export function presenceLook(inspection: Inspection, ready: boolean, at: number): PresenceLook {
  const { box, live, measures, faces } = inspection;
  const points = live ? ownPoints(live) : null;
  const whole = faces.length === 1 && box && live && points && measures.yaw !== null;
  return {
    at,
    ready,
    face: whole ? { box, yaw: measures.yaw ?? 0, eyesOpen: measures.eyesOpen, live, points } : null,
  };
}

/**
 * Two different things in random order, at least one of them a turn: of a photo a blink could be made with scissors.
 *
 * @param random 0 ≤ n < 1
 */
export function chooseActions(random: () => number, blinkable: boolean): PresenceAction[] {
  const choices: PresenceAction[] = blinkable ? [...PRESENCE_ACTIONS] : ['turn-left', 'turn-right'];
  const take = () => choices.splice(Math.floor(random() * choices.length), 1);
  return [...take(), ...take()];
}

/** The state after one more look. */
export function stepPresence(
  state: PresenceState,
  look: PresenceLook,
  random: () => number,
  timing: PresenceTiming = PRESENCE_TIMING,
): PresenceState {
  switch (state.phase) {
    case 'settling':
      return settle(state, look, random, timing);
    case 'acting':
      return follow(state, look, timing, (face) => act(state, face, look.at, random, timing));
    case 'passed':
      if (look.at - state.at > timing.freshMs) return startPresence();
      return follow(state, look, timing, () => state);
    case 'failed':
      if (state.tries >= timing.tries || look.at - state.at < timing.pauseMs) return state;
      return { phase: 'settling', tries: state.tries, since: null, looks: 0, last: null };
  }
}

type Phase<P extends PresenceState['phase']> = Extract<PresenceState, { phase: P }>;
type Face = PresenceFace;

function settle(
  state: Phase<'settling'>,
  { at, face, ready }: PresenceLook,
  random: () => number,
  timing: PresenceTiming,
): PresenceState {
  const again = { ...state, since: null, looks: 0, last: null };
  if (!face) return state.last && at - state.last.at <= timing.gapMs ? state : again;
  const last = { box: face.box, at };
  if (!ready || (state.last && !continues(state.last, face.box, at))) return { ...again, last };
  const since = state.since ?? at;
  const looks = state.looks + 1;
  if (looks < timing.settleLooks || at - since < timing.settleMs) return { ...state, since, looks, last };
  const { yaw, eyesOpen, live, points } = face;
  return {
    phase: 'acting',
    tries: state.tries,
    actions: chooseActions(random, eyesOpen !== null && eyesOpen >= BLINKABLE),
    step: 0,
    part: 'doing',
    since: at,
    evidence: nothing(),
    reference: { yaw, eyesOpen, live, points },
    last,
    unlike: 0,
  };
}

/** Whether the look is of the face that was followed; what it means then is up to `next`. */
function follow<S extends Phase<'acting'> | Phase<'passed'>>(
  state: S,
  look: PresenceLook,
  timing: PresenceTiming,
  next: (face: Face) => PresenceState,
): PresenceState {
  const { at, face } = look;
  if (!face) {
    // Whoever went away is not blamed for it: whoever comes begins anew.
    if (at - state.last.at > timing.gapMs) return startPresence();
    return state;
  }
  if (at - state.last.at > timing.gapMs) return startPresence();
  if (!continues(state.last, face.box, at)) return replaced(state, at);
  const comparable = Math.abs(face.yaw - state.reference.yaw) < STRAIGHT && openness(face, state.reference) > OPEN;
  const unlike = !comparable ? state.unlike : likeness(state.reference.live, face.live) < ALIKE ? state.unlike + 1 : 0;
  if (unlike >= 2) return replaced(state, at);
  const after = next(face);
  return 'last' in after && after.phase !== 'settling' ? { ...after, last: { box: face.box, at }, unlike } : after;
}

function replaced(state: Phase<'acting'> | Phase<'passed'>, at: number): PresenceState {
  return state.phase === 'passed' ? startPresence() : failed(state, 'replaced', at);
}

function failed({ tries }: Phase<'acting'>, reason: PresenceFailure, at: number): PresenceState {
  return { phase: 'failed', reason, tries: tries + 1, at };
}

function act(
  state: Phase<'acting'>,
  face: Face,
  at: number,
  random: () => number,
  timing: PresenceTiming,
): PresenceState {
  const turn = face.yaw - state.reference.yaw;
  if (state.part === 'back') {
    if (Math.abs(turn) < STRAIGHT && openness(face, state.reference) > SHUT) return nextStep(state, at);
    return at - state.since > timing.stepMs ? failed(state, 'timed-out', at) : state;
  }
  const action = state.actions[state.step];
  const { reference } = state;
  const evidence =
    action === 'blink'
      ? watchEyes(state.evidence, reference, face, at)
      : watchTurn(state.evidence, reference, face, action === 'turn-left');
  if (evidence.wrongLooks >= 2) return failed(state, 'other-move', at);
  const done = action === 'blink' ? blinked(evidence, reference, face) : seenTurned(evidence);
  const after = { ...state, evidence };
  if (done) return { ...after, part: 'back', since: at };
  if (action === 'blink' && at - state.since > timing.blinkMs) return offerTurn(after, at, random);
  if (at - state.since > timing.stepMs)
    return failed(state, evidence.flatLooks >= HEAD_LOOKS ? 'flat' : 'timed-out', at);
  return after;
}

function nextStep(state: Phase<'acting'>, at: number): PresenceState {
  const { actions, reference, last, unlike, step } = state;
  if (step + 1 >= actions.length) return { phase: 'passed', actions, at, reference, last, unlike };
  return { ...state, step: step + 1, part: 'doing', since: at, evidence: nothing() };
}

/** The blink that is not to be seen becomes a turn: to the side not asked for otherwise. */
function offerTurn(state: Phase<'acting'>, at: number, random: () => number): PresenceState {
  const sides = (['turn-left', 'turn-right'] as const).filter((side) => !state.actions.includes(side));
  const side = sides[Math.floor(random() * sides.length)] ?? 'turn-left';
  const actions = state.actions.map((action) => (action === 'blink' ? side : action));
  return { ...state, actions, since: at, evidence: nothing() };
}

/** Whether a face can have got from there to here in that time. */
function continues(last: Trace, box: Box, at: number): boolean {
  const seconds = Math.max(0, at - last.at) / 1000;
  const width = Math.max(last.box.width, 1);
  const shift = Math.hypot(
    box.x + box.width / 2 - (last.box.x + last.box.width / 2),
    box.y + box.height / 2 - (last.box.y + last.box.height / 2),
  );
  // Height: a face that turns grows narrower, not lower.
  const growth = Math.abs(Math.log(Math.max(box.height, 1) / Math.max(last.box.height, 1)));
  return shift / width <= MOVE.atOnce + MOVE.perSecond * seconds && growth <= GROW.atOnce + GROW.perSecond * seconds;
}
