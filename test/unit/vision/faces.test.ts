import { describe, expect, it } from 'vitest';
import type { Box } from '#shared/measures';
import type { FaceEngine, Picture } from '#vision/contract';
import { findFaces } from '#vision/faces';

const picture: Picture = {
  width: 640,
  height: 640,
  data: new Uint8ClampedArray(4),
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
