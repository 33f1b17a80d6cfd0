import type { Inspection } from '#shared/measures';
import type { FaceEngine, Picture } from './contract.ts';
import { type ConfirmedFace, confirm, findFaces, ranked } from './faces.ts';
import { describe, measure } from './inspect.ts';

/** After this many frames the whole picture is searched again, so that a second person is seen within half a second. */
const SEARCH_EVERY = 5;

/** A tracked face whose shape fits worse than this is searched for, not followed. */
const FOLLOW_FIT = 0.8;

/** Looks at the frames of a film: searches now and then, follows the face it knows in between. */
export interface Tracker {
  inspect(frame: Picture): Promise<Inspection>;
}

/** A tracker over one engine; frames are handed in one after the other. */
export function createTracker(engine: FaceEngine, now = () => performance.now()): Tracker {
  let known: ConfirmedFace[] = [];
  let since = SEARCH_EVERY;

  async function follow(frame: Picture): Promise<ConfirmedFace[] | null> {
    const [principal, ...others] = known;
    if (!principal || since >= SEARCH_EVERY) return null;
    const face = await confirm(frame, engine, principal.shape);
    return face && face.score >= FOLLOW_FIT ? [face, ...others] : null;
  }

  return {
    async inspect(frame) {
      const start = now();
      const followed = await follow(frame);
      known = followed ?? (await findFaces(frame, engine));
      since = followed ? since + 1 : 0;
      const faces = ranked(known, frame.width);
      const [principal] = faces;
      return describe(frame, faces, principal ? await measure(frame, principal, engine) : null, now() - start);
    },
  };
}
