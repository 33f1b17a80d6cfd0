import type { Inspection, Measures } from '#shared/measures';
import { overlap } from './boxes.ts';
import type { Detection, FaceEngine, Picture } from './contract.ts';
import { findCutFace } from './cut-off.ts';
import { type ConfirmedFace, confirm, findFacesAndHints, findFaintFace, findTurnedFaces, ranked } from './faces.ts';
import { describe, describeFaint, measure, openEyes, shapeMeasures } from './inspect.ts';
import { liveFace } from './live-face.ts';

/**
 * So often the whole picture is searched while a face is followed: a second person is seen within half a second. A slow machine gets by
 * with fewer searches, here and below, so that what is costly takes the same share of its time.
 */
const SEARCH = { ms: 450, looks: 20 } as const;

/** A tracked face whose shape fits worse than this is searched for, not followed. */
const FOLLOW_FIT = 0.8;

/** A face that was followed is looked for at its place for so long after it was lost. */
const REMEMBERED_MS = 2_000;

/** While nobody is found upright, so often the picture is turned or mirrored at its edges, by turns, to find who is there. */
const ODD = { ms: 500, looks: 8 } as const;

/** All measures of a face that is followed are taken after this long and so many looks that told its shape alone; the capture waits for them. */
const FULL = { ms: 100, looks: 9 } as const;

/** Less of a face's place in common with the frame's before: it is another one, or it jumped. */
const SAME_FACE = 0.5;

/** How a frame is to be looked at. */
export interface LookWish {
  /** A presence check runs: with every frame comes what the check follows a head and its eyes by. A blink is over within a few frames. */
  presence: boolean;
}

/** Looks at the frames of a film: searches now and then, follows the face it knows in between. */
export interface Tracker {
  inspect(frame: Picture, wish?: LookWish): Promise<Inspection>;
}

type Way = (frame: Picture) => Promise<ConfirmedFace[]>;

/** When something costly was done, and the looks since. */
interface Done {
  at: number;
  looks: number;
}

const NEVER: Done = { at: Number.NEGATIVE_INFINITY, looks: Number.POSITIVE_INFINITY };

/** The last look that took all measures, and where its face was in the last frame. */
interface FullLook extends Done {
  measures: Measures;
  last: ConfirmedFace;
}

/** A tracker over one engine; frames are handed in one after the other. `now`: milliseconds. */
export function createTracker(engine: FaceEngine, now = () => performance.now()): Tracker {
  let known: ConfirmedFace[] = [];
  let searched = NEVER;
  let full: FullLook | null = null;
  let last: { face: ConfirmedFace; at: number } | null = null;
  let odd: Done & { faces: ConfirmedFace[] } = { ...NEVER, faces: [] };

  const turned: Way = (frame) => findTurnedFaces(frame, engine);
  const cut: Way = async (frame) => {
    const face = await findCutFace(frame, engine);
    return face ? [face] : [];
  };
  /** The way that is tried next: the one that found somebody last, else the other. */
  let ways: [Way, Way] = [turned, cut];

  async function follow(frame: Picture, at: number): Promise<ConfirmedFace[] | null> {
    const [principal, ...others] = known;
    if (!principal || isDue(searched, at, SEARCH)) return null;
    const face = await confirm(frame, engine, principal.shape);
    return face && face.score >= FOLLOW_FIT ? [face, ...others] : null;
  }

  /** Upright and whole; else, now and then, some other way, whose last finding stands in between. */
  async function search(frame: Picture, at: number): Promise<{ faces: ConfirmedFace[]; hints: Detection[] }> {
    searched = { at, looks: 0 };
    const upright = await findFacesAndHints(frame, engine);
    if (upright.faces.length > 0) {
      odd = { ...NEVER, faces: [] };
      return upright;
    }
    if (isDue(odd, at, ODD)) {
      const [way, other] = ways;
      odd = { at, looks: 0, faces: await way(frame) };
      if (odd.faces.length === 0) ways = [other, way];
    }
    return { faces: odd.faces, hints: upright.hints };
  }

  /** All measures, or those of the shape with the others as they were a moment ago. */
  async function look(frame: Picture, face: ConfirmedFace, at: number, wish: LookWish) {
    const before = full && overlap(full.last.box, face.box) >= SAME_FACE ? full : null;
    if (!before || isDue(before, at, FULL)) {
      const measures = await measure(frame, face, engine);
      full = { measures, at, looks: 0, last: face };
      return { measures, quick: false };
    }
    full = { ...before, looks: before.looks + 1, last: face };
    const measures = { ...before.measures, ...shapeMeasures(frame, face) };
    if (wish.presence) measures.eyesOpen = await openEyes(frame, face, engine, before.measures);
    return { measures, quick: true };
  }

  return {
    async inspect(frame, wish = { presence: false }) {
      const at = now();
      searched = { ...searched, looks: searched.looks + 1 };
      odd = { ...odd, looks: odd.looks + 1 };
      const followed = await follow(frame, at);
      // Whoever was found lying or cut off is followed from where they are now.
      if (followed && odd.faces.length > 0) odd = { ...odd, faces: followed };
      const found = followed ? { faces: followed, hints: [] } : await search(frame, at);
      known = found.faces;
      const faces = ranked(known, frame.width);
      const [principal] = faces;
      if (!principal) {
        full = null;
        const before = last && at - last.at < REMEMBERED_MS ? last.face : null;
        const faint = await findFaintFace(frame, engine, found.hints, before);
        return faint ? describeFaint(frame, faint, now() - at) : describe(frame, [], null, now() - at);
      }
      last = { face: principal, at };
      const { measures, quick } = await look(frame, principal, at, wish);
      return {
        ...describe(frame, faces, measures, now() - at),
        ...(quick && { quick }),
        ...(wish.presence && { live: liveFace(frame, principal) }),
      };
    },
  };
}

function isDue(done: Done, at: number, every: { ms: number; looks: number }): boolean {
  return at - done.at >= every.ms && done.looks >= every.looks;
}
