import type { Inspection } from '#shared/measures';
import type { FaceEngine, Picture } from './contract.ts';
import { findCutFace } from './cut-off.ts';
import {
  type ConfirmedFace,
  confirm,
  type FaintFace,
  findFaces,
  findFaintFace,
  findTurnedFaces,
  ranked,
} from './faces.ts';
import { describe, describeFaint, measure } from './inspect.ts';
import { liveFace } from './live-face.ts';

/** After this many frames the whole picture is searched again, so that a second person is seen within half a second. */
const SEARCH_EVERY = 5;

/** A tracked face whose shape fits worse than this is searched for, not followed. */
const FOLLOW_FIT = 0.8;

/** A face that was followed is looked for at its place for so many frames after it was lost. */
const REMEMBERED = 30;

/** While nobody is found, every so many frames the picture is turned, and at another one mirrored at its edges, to find who is there. */
const ODD_EVERY = 6;
const TURN_AT = 1;
const MIRROR_AT = 4;

/** Looks at the frames of a film: searches now and then, follows the face it knows in between. */
export interface Tracker {
  inspect(frame: Picture): Promise<Inspection>;
}

type Way = (frame: Picture) => Promise<ConfirmedFace[]>;

/** A tracker over one engine; frames are handed in one after the other. */
export function createTracker(engine: FaceEngine, now = () => performance.now()): Tracker {
  let known: ConfirmedFace[] = [];
  let since = SEARCH_EVERY;
  /** Frames without a face in a row. */
  let alone = 0;
  let last: ConfirmedFace | null = null;
  /** How the face that is followed was found, where it was not upright and whole. */
  let odd: Way | null = null;

  const turned: Way = (frame) => findTurnedFaces(frame, engine);
  const cut: Way = async (frame) => {
    const face = await findCutFace(frame, engine);
    return face ? [face] : [];
  };

  async function follow(frame: Picture): Promise<ConfirmedFace[] | null> {
    const [principal, ...others] = known;
    if (!principal || since >= SEARCH_EVERY) return null;
    const face = await confirm(frame, engine, principal.shape);
    return face && face.score >= FOLLOW_FIT ? [face, ...others] : null;
  }

  /** Upright and whole; else as it was found last; else, now and then, some other way. */
  async function search(frame: Picture): Promise<ConfirmedFace[]> {
    const upright = await findFaces(frame, engine);
    if (upright.length > 0) {
      odd = null;
      return upright;
    }
    const turn = alone % ODD_EVERY;
    const way = odd ?? (turn === TURN_AT ? turned : turn === MIRROR_AT ? cut : null);
    const found = way ? await way(frame) : [];
    odd = found.length > 0 ? way : null;
    return found;
  }

  async function faint(frame: Picture): Promise<FaintFace | null> {
    return findFaintFace(frame, engine, alone < REMEMBERED ? last : null);
  }

  return {
    async inspect(frame) {
      const start = now();
      const followed = await follow(frame);
      known = followed ?? (await search(frame));
      since = followed ? since + 1 : 0;
      const faces = ranked(known, frame.width);
      const [principal] = faces;
      if (!principal) {
        const there = await faint(frame);
        alone += 1;
        return there ? describeFaint(frame, there, now() - start) : describe(frame, [], null, now() - start);
      }
      alone = 0;
      last = principal;
      const measures = await measure(frame, principal, engine);
      return { ...describe(frame, faces, measures, now() - start), live: liveFace(frame, principal) };
    },
  };
}
