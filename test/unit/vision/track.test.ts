import { describe, expect, it } from 'vitest';
import type { Box } from '#shared/measures';
import type { Detection, EyeContour, FaceEngine, Picture } from '#vision/contract';
import { createTracker } from '#vision/track';

const SIZE = 320;
const MIDDLE: Box = { x: 100, y: 100, width: 120, height: 120 };

/** A frame with some texture: its pixels mean nothing to the engine below, only to the measures. */
const frame: Picture = {
  width: SIZE,
  height: SIZE,
  data: Uint8ClampedArray.from({ length: 4 * SIZE * SIZE }, (_, n) => 90 + ((n * 7919) % 60)),
  scale: 1,
  source: { width: SIZE, height: SIZE },
};

/** What stands before the camera, as the engine would see it in a frame that is turned by `roll` or mirrored at an edge. */
type Stage = (seen: { mirrored: boolean; roll: number }) => { score: number; fit: number; box: Box } | null;

const upright: Stage = ({ mirrored, roll }) => (roll === 0 && !mirrored ? { score: 0.9, fit: 1, box: MIDDLE } : null);
const lying: Stage = ({ mirrored, roll }) => (roll === 90 && !mirrored ? { score: 0.9, fit: 1, box: MIDDLE } : null);
const cutOff: Stage = ({ mirrored, roll }) =>
  mirrored && roll === 0 ? { score: 0.9, fit: 1, box: { ...MIDDLE, x: SIZE - 60 } } : null;
const faint: Stage = ({ mirrored, roll }) => (roll === 0 && !mirrored ? { score: 0.35, fit: 0.2, box: MIDDLE } : null);
const nobody: Stage = () => null;

/** An engine that sees what is on the stage and counts what it is asked; a clock that ticks 10 ms a look. */
function film() {
  const asked = { detect: 0, turned: 0, mirrored: 0, shape: 0, lids: 0 };
  let stage: Stage = nobody;
  let fit = 1;
  let opening = 3;
  const engine: FaceEngine = {
    name: 'human',
    async detect(picture, roll = 0, minScore = 0.5) {
      const mirrored = picture !== frame;
      asked.detect += 1;
      if (roll !== 0) asked.turned += 1;
      if (mirrored) asked.mirrored += 1;
      const seen = stage({ mirrored, roll });
      if (seen) fit = seen.fit;
      return seen && seen.score >= minScore ? [{ box: seen.box, score: seen.score, roll } satisfies Detection] : [];
    },
    async shape(_picture, from) {
      asked.shape += 1;
      if (!('box' in from)) return fit > 0 ? from : null;
      const { x, y, width, height } = from.box;
      const landmarks = Array.from({ length: 68 }, (_, n) => ({
        x: x + width * (0.1 + 0.8 * ((n * 5) % 17) * (1 / 16)),
        y: y + height * (0.1 + (0.8 * n) / 67),
      }));
      // Eye corners level and apart, as the geometry wants them.
      for (const [n, at] of [
        [36, 0.2],
        [39, 0.4],
        [42, 0.6],
        [45, 0.8],
      ] as const)
        landmarks[n] = { x: x + width * at, y: y + height * 0.35 };
      return { landmarks, mesh: null, score: fit };
    },
    async lids() {
      asked.lids += 1;
      const eye = (left: number): EyeContour => ({
        corners: [
          { x: left, y: 40 },
          { x: left + 20, y: 40 },
        ],
        lids: [
          [
            { x: left + 10, y: 40 - opening },
            { x: left + 10, y: 40 + opening },
          ],
        ],
      });
      return [eye(120), eye(170)];
    },
    dispose() {},
  };
  let clock = 0;
  const tracker = createTracker(engine, () => clock);
  return {
    asked,
    put: (next: Stage) => {
      stage = next;
    },
    blink: (shut: boolean) => {
      opening = shut ? 0.5 : 3;
    },
    /** Looks at so many frames, `tick` milliseconds from one to the next. */
    async look(count: number, { presence = false, tick = 10 } = {}) {
      const seen = [];
      for (let n = 0; n < count; n++) {
        clock += tick;
        seen.push(await tracker.inspect(frame, { presence }));
      }
      return seen;
    },
  };
}

describe('the tracker', () => {
  it('does nothing but follow a face: searches and full looks are rare, turned and mirrored searches none', async () => {
    const { asked, put, look } = film();
    put(upright);
    const seen = await look(100);
    expect(seen.every(({ faces }) => faces.length === 1)).toBe(true);
    expect(asked).toMatchObject({ turned: 0, mirrored: 0 });
    expect(asked.detect).toBe(3);
    const full = seen.filter(({ quick }) => !quick);
    expect(full).toHaveLength(10);
    expect(asked.lids).toBe(10);
    // A shape a look, and the search's detection confirmed the other ways up where it is not certain.
    expect(asked.shape).toBeLessThanOrEqual(100 + 3 * asked.detect);
    expect(seen.every(({ live }) => live === undefined)).toBe(true);
    expect(seen.every(({ measures }) => measures.yaw !== null && measures.brightness !== null)).toBe(true);
  });

  it('takes its time between full looks on a slow machine, too', async () => {
    const { asked, put, look } = film();
    put(upright);
    const seen = await look(40, { tick: 200 });
    expect(seen.filter(({ quick }) => !quick)).toHaveLength(4);
    expect(asked.detect).toBe(2);
  });

  it('tells a presence check how head and eyes move at every frame, and takes the other measures as rarely as else', async () => {
    const { asked, put, look, blink } = film();
    put(upright);
    const seen = await look(21, { presence: true });
    expect(seen.every(({ live }) => live?.look.length === 256)).toBe(true);
    expect(asked.lids).toBe(21);
    expect(seen.filter(({ quick }) => !quick)).toHaveLength(3);
    expect(seen.every(({ measures }) => (measures.eyesOpen ?? 0) > 0.3)).toBe(true);
    blink(true);
    const [shut] = await look(1, { presence: true });
    expect(shut).toMatchObject({ quick: true, measures: { eyesOpen: 0 } });
    // Without a presence check the eyes are those of the last full look.
    blink(false);
    const [later] = await look(1);
    expect(later?.measures.eyesOpen).toBe(seen[0]?.measures.eyesOpen);
  });

  it('looks in full at a face that came anew', async () => {
    const { put, look } = film();
    put(upright);
    await look(5);
    put(nobody);
    await look(60);
    put(upright);
    const [first] = await look(1);
    expect(first).toMatchObject({ faces: [{}] });
    expect(first?.quick).toBeUndefined();
  });

  it.each([
    ['lying on the side', lying, 'turned'],
    ['cut in half by the edge', cutOff, 'mirrored'],
  ] as const)('finds a face %s within a second', async (_, stage, way) => {
    const { asked, put, look } = film();
    put(stage);
    const seen = await look(100);
    expect(seen.at(-1)?.faces).toHaveLength(1);
    expect(seen.findIndex(({ faces }) => faces.length === 1)).toBeLessThan(100);
    expect(asked[way]).toBeGreaterThan(0);
  });

  it('searches turned and mirrored at most twice a second while nobody is there', async () => {
    const { asked, look } = film();
    const seen = await look(200);
    expect(seen.every(({ faces }) => faces.length === 0)).toBe(true);
    expect(asked.turned / 3 + asked.mirrored / 2).toBeLessThanOrEqual(4);
    expect(asked.turned).toBeGreaterThan(0);
    expect(asked.mirrored).toBeGreaterThan(0);
    // Beside them one detection a frame, which tells hints of a face as well.
    expect(asked.detect - asked.turned - asked.mirrored).toBe(200);
    expect(asked.shape).toBe(0);
  });

  it('tells what is hardly to be seen as a face as one that is not clear', async () => {
    const { asked, put, look } = film();
    put(faint);
    const [seen] = await look(1);
    expect(seen).toMatchObject({
      faces: [{ score: 0.2 }],
      box: MIDDLE,
      measures: { confidence: 0.2, sharpness: null },
    });
    expect(asked.detect - asked.turned - asked.mirrored).toBe(1);
  });
});
