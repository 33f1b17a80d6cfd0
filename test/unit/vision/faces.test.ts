import { describe, expect, it } from 'vitest';
import type { Box } from '#shared/measures';
import type { FaceEngine, FaceShape, Picture } from '#vision/contract';
import { findAllFaces, findFaces, plainFace } from '#vision/faces';

const picture: Picture = {
  width: 640,
  height: 640,
  data: new Uint8ClampedArray(4 * 640 * 640),
  scale: 1,
  source: { width: 640, height: 640 },
};

/** An engine that sees faces in these rectangles, and believes every one of them. */
function seeing(...boxes: Box[]): FaceEngine {
  return {
    name: 'human',
    detect: async () => boxes.map((box) => ({ box, score: 0.9, roll: 0 })),
    shape: async (_picture, from) => {
      if (!('box' in from)) return null;
      const { x, y, width, height } = from.box;
      const corner = [
        { x, y },
        { x: x + width, y },
        { x, y: y + height },
        { x: x + width, y: y + height },
      ];
      const landmarks = Array.from({ length: 68 }, (_, n) => corner[n % 4] ?? { x, y });
      return { landmarks, mesh: landmarks.map((p) => ({ ...p, z: 0 })), score: 1 };
    },
    lids: async () => null,
    dispose() {},
  };
}

const square = (x: number, y: number, side: number): Box => ({ x, y, width: side, height: side });

describe('findFaces', () => {
  it('takes a face found twice for one', async () => {
    expect(await findFaces(picture, seeing(square(100, 100, 300), square(110, 105, 310)))).toHaveLength(1);
  });

  it('takes mouth and chin of a close-up for no second face', async () => {
    const faces = await findFaces(picture, seeing(square(150, 320, 200), square(100, 100, 400)));
    expect(faces.map(({ box }) => Math.round(box.width))).toEqual([400]);
  });

  it('counts a face beside another, also where they overlap a little', async () => {
    expect(await findFaces(picture, seeing(square(50, 100, 250), square(260, 140, 220)))).toHaveLength(2);
  });

  it('leaves out a face far behind', async () => {
    expect(await findFaces(picture, seeing(square(50, 100, 250), square(500, 100, 60)))).toHaveLength(1);
  });
});

describe('findAllFaces', () => {
  /** An engine that finds a face only where it is at least a twelfth of what it is shown, as detectors do. */
  function nearSighted(faces: readonly Box[]): FaceEngine & { looks: number } {
    const engine = {
      ...seeing(...faces),
      looks: 0,
      detect: async (shown: Picture) => {
        engine.looks += 1;
        // Every tile shows its corner's place in its first pixel.
        const [x = 0, y = 0] = [(shown.data[0] ?? 0) * 4, (shown.data[1] ?? 0) * 4];
        const seen = faces.map((box) => ({ ...box, x: box.x - x, y: box.y - y }));
        return seen
          .filter(
            (box) => box.x >= 0 && box.y >= 0 && box.x + box.width <= shown.width && box.y + box.height <= shown.height,
          )
          .filter((box) => box.width >= shown.width / 12)
          .map((box) => ({ box, score: 0.9, roll: 0 }));
      },
    };
    return engine;
  }

  const placed: Picture = { ...picture, data: picture.data.slice() };
  for (let y = 0; y < 640; y++) {
    for (let x = 0; x < 640; x++) placed.data.set([x / 4, y / 4], 4 * (y * 640 + x));
  }

  it('finds the small faces of a group in parts of the picture, each once', async () => {
    const group = [square(60, 60, 40), square(300, 300, 42), square(520, 100, 38), square(100, 560, 40)];
    expect(await findAllFaces(placed, nearSighted(group))).toHaveLength(4);
  });

  it('looks once where a face is near', async () => {
    const engine = nearSighted([square(200, 150, 250)]);
    expect(await findAllFaces(placed, engine)).toHaveLength(1);
    expect(engine.looks).toBe(1);
  });
});

describe('a quick look', () => {
  const hint = (side: number, score: number) => ({ box: square(100, 100, side), score, roll: 0 });

  it('is enough for one large, plain face', () => {
    expect(plainFace([hint(250, 0.9)], picture)?.box.width).toBe(250);
    expect(plainFace([hint(250, 0.9), hint(60, 0.2)], picture)).not.toBeNull();
  });

  it.each([
    ['nothing', []],
    ['a small face', [hint(150, 0.9)]],
    ['a face that is not plain', [hint(250, 0.6)]],
    ['something else that may be a face', [hint(250, 0.9), hint(100, 0.3)]],
  ])('is not enough for %s', (_what, hints) => {
    expect(plainFace(hints, picture)).toBeNull();
  });

  /** An engine with a quick look, which counts its looks. */
  function quick(boxes: readonly Box[], alter: (engine: FaceEngine) => Partial<FaceEngine> = () => ({})) {
    const engine = seeing(...boxes);
    const looks = { glance: 0, detect: 0 };
    const counting: FaceEngine = {
      ...engine,
      glance: async (shown) => {
        looks.glance += 1;
        return engine.detect(shown);
      },
      detect: async (shown) => {
        looks.detect += 1;
        return engine.detect(shown);
      },
      ...alter(engine),
    };
    return { engine: counting, looks };
  }

  it('spares the thorough one where it is certain', async () => {
    const { engine, looks } = quick([square(150, 150, 300)]);
    expect(await findAllFaces(picture, engine)).toHaveLength(1);
    expect(looks).toEqual({ glance: 1, detect: 0 });
  });

  it('leaves two people to the thorough one', async () => {
    const { engine, looks } = quick([square(50, 100, 250), square(350, 140, 220)]);
    expect(await findAllFaces(picture, engine)).toHaveLength(2);
    expect(looks.detect).toBe(1);
  });

  it.each([
    ['whose points fit less well', (shape: FaceShape) => ({ ...shape, score: 0.999 })],
    [
      'that leans',
      (shape: FaceShape) => ({
        ...shape,
        landmarks: shape.landmarks.map((p, n) => (n >= 42 && n < 48 ? { ...p, y: p.y + 60 } : p)),
      }),
    ],
  ])('leaves a face %s to the thorough one', async (_what, altered) => {
    const { engine, looks } = quick([square(150, 150, 300)], ({ shape }) => ({
      shape: async (shown, from) => {
        const found = await shape(shown, from);
        return found && altered(found);
      },
    }));
    expect(await findAllFaces(picture, engine)).toHaveLength(1);
    expect(looks.detect).toBe(1);
  });
});
