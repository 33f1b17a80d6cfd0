import type { Box, LiveFace } from './measures.ts';
import { foreshortening, noseParallax, type OwnPoints } from './presence-geometry.ts';

/** What the presence check sees of the one thing it asked for. Limits: docs/quality.md has what they were taken from. */

/** A turn counts from here, degrees against the person's own straight look; it is over below the second. */
const TURNED = 13;
export const STRAIGHT = 8;
/** Beyond this a head's own cheek hides its eye, and it looks narrow, too: such looks tell nothing. */
const TELLING_TO = 26;
/** Looks at a turned face that must be a head's, and more than are a plane's. */
export const HEAD_LOOKS = 2;
/** Against `foreshortening`: people 0.93 and more, bent photos 0.87 and less. */
const MIN_FORESHORTENING = 0.9;
/** Against `noseParallax` over the sine of the turn: people 0.8–1.0. */
const MIN_PARALLAX = 0.5;
/** Eyes count as shut below this share of how open they are else, and as open again above the second. */
export const SHUT = 0.4;
export const OPEN = 0.7;
/** Eyes less open than this cannot be seen to shut. */
export const BLINKABLE = 0.4;
/** Two shut looks at least: a single one may be the engine's. Longer than this is no blink. */
const SHUT_LOOKS = 2;
const SHUT_MS = 3_000;
/** One face, and all of it that the check needs. */
export interface PresenceFace {
  box: Box;
  yaw: number;
  eyesOpen: number | null;
  live: LiveFace;
  points: OwnPoints;
}

/** The face as it was before anything was asked. */
export interface Reference {
  yaw: number;
  eyesOpen: number | null;
  live: LiveFace;
  points: OwnPoints;
}

/** What was seen of the thing asked for. */
export interface Evidence {
  shutLooks: number;
  shutSince: number | null;
  headLooks: number;
  flatLooks: number;
  wrongLooks: number;
}

/** Before anything was seen. */
export function nothing(): Evidence {
  return { shutLooks: 0, shutSince: null, headLooks: 0, flatLooks: 0, wrongLooks: 0 };
}

/** The eyes were shut, long enough to be sure, and are open again. */
export function blinked({ shutLooks }: Evidence, reference: Reference, face: PresenceFace): boolean {
  return shutLooks >= SHUT_LOOKS && openness(face, reference) >= OPEN;
}

/** The head was turned far enough, and it was a head. */
export function seenTurned({ headLooks, flatLooks }: Evidence): boolean {
  return headLooks >= HEAD_LOOKS && headLooks > flatLooks;
}

/** The evidence after one more look at somebody asked to shut their eyes for a moment. */
export function watchEyes(evidence: Evidence, reference: Reference, face: PresenceFace, at: number): Evidence {
  const turned = Math.abs(face.yaw - reference.yaw);
  const wrongLooks = turned > TURNED ? evidence.wrongLooks + 1 : 0;
  // Only eyes seen from the front: a face that turns away shows little of one.
  const shut = turned < STRAIGHT && openness(face, reference) < SHUT;
  if (shut) {
    const shutSince = evidence.shutSince ?? at;
    return { ...evidence, wrongLooks, shutSince, shutLooks: evidence.shutLooks + 1 };
  }
  const halfway = openness(face, reference) < OPEN;
  const tooLong = evidence.shutSince !== null && at - evidence.shutSince > SHUT_MS;
  if ((halfway && !tooLong) || (evidence.shutLooks >= SHUT_LOOKS && !tooLong)) return { ...evidence, wrongLooks };
  return { ...evidence, wrongLooks, shutSince: null, shutLooks: 0 };
}

/** The evidence after one more look at somebody asked to turn their head. */
export function watchTurn(evidence: Evidence, reference: Reference, face: PresenceFace, toLeft: boolean): Evidence {
  // Yaw + is a face turned to image-left, the person's own right.
  const turn = (face.yaw - reference.yaw) * (toLeft ? -1 : 1);
  if (turn < -TURNED) return { ...evidence, wrongLooks: evidence.wrongLooks + 1 };
  if (turn < TURNED || turn > TELLING_TO) return { ...evidence, wrongLooks: 0 };
  const parallax = noseParallax(reference.points, face.points) * (toLeft ? -1 : 1);
  const head =
    foreshortening(reference.points, reference.yaw, face.points, face.yaw) >= MIN_FORESHORTENING &&
    parallax >= MIN_PARALLAX * Math.sin((turn * Math.PI) / 180);
  return {
    ...evidence,
    wrongLooks: 0,
    headLooks: evidence.headLooks + (head ? 1 : 0),
    flatLooks: evidence.flatLooks + (head ? 0 : 1),
  };
}

/** How open the eyes are against before, 0–1 and beyond; 1 where it cannot be told. */
export function openness(face: PresenceFace, { eyesOpen }: Reference): number {
  return face.eyesOpen === null || eyesOpen === null || eyesOpen <= 0 ? 1 : face.eyesOpen / eyesOpen;
}
