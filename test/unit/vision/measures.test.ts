import { describe, expect, it } from 'vitest';
import { overlap } from '#vision/boxes';
import type { EyeContour, Picture, Point3 } from '#vision/contract';
import { anchorCentres, decodeFaces } from '#vision/engines/blazeface';
import { blockiness } from '#vision/measures/blockiness';
import { eyeAspectRatio, eyesOpen, mouthOpen } from '#vision/measures/expression';
import { eyeCentres, faceBox, headLength, interEyeDistance } from '#vision/measures/geometry';
import { illuminationUniformity, light } from '#vision/measures/light';
import { sharpness } from '#vision/measures/sharpness';
import { gaussian } from '#vision/pixels/gaussian';

const SIZE = 192;
const everywhere = new Uint8Array(SIZE * SIZE).fill(1);

/** A luminance by column and row. */
function paint(at: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: SIZE * SIZE }, (_, n) => at(n % SIZE, Math.floor(n / SIZE)));
}

/** Numbers that look random and are the same every time. */
function noise(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('light', () => {
  it('gives mean and deviation of a half dark, half bright face', () => {
    const half = paint((x) => (x < SIZE / 2 ? 0.2 : 0.6));
    const result = light(half, everywhere);
    expect(result?.brightness).toBeCloseTo(0.4);
    expect(result?.contrast).toBeCloseTo(0.2);
    expect(result?.underExposed).toBe(0);
    expect(result?.overExposed).toBe(0);
  });

  it('counts crushed and burnt pixels at the limits of ISO/IEC 29794-5: up to 25, and from 247', () => {
    const values = [25 / 255, 26 / 255, 246 / 255, 247 / 255];
    const result = light(
      paint((x) => values[x % 4] ?? 0),
      everywhere,
    );
    expect(result?.underExposed).toBeCloseTo(0.25);
    expect(result?.overExposed).toBeCloseTo(0.25);
  });

  it('counts only what is under the mask, and says nothing of an empty one', () => {
    const left = Uint8Array.from(everywhere, (_, n) => (n % SIZE < SIZE / 2 ? 1 : 0));
    expect(
      light(
        paint((x) => (x < SIZE / 2 ? 0.3 : 1)),
        left,
      )?.brightness,
    ).toBeCloseTo(0.3);
    expect(
      light(
        paint(() => 0.5),
        new Uint8Array(SIZE * SIZE),
      ),
    ).toBeNull();
  });
});

describe('illuminationUniformity', () => {
  const top = { x: SIZE / 2, y: 40 };
  const bottom = { x: SIZE / 2, y: 160 };

  it('is 1 in even light and the quotient of the halves in light from the side', () => {
    expect(
      illuminationUniformity(
        paint(() => 0.5),
        SIZE,
        everywhere,
        top,
        bottom,
      ),
    ).toBeCloseTo(1);
    const side = paint((x) => (x + 0.5 < SIZE / 2 ? 0.6 : 0.15));
    expect(illuminationUniformity(side, SIZE, everywhere, top, bottom)).toBeCloseTo(0.25);
  });

  it('splits along the middle of a face that is not in the middle', () => {
    const side = paint((x) => (x < 50 ? 0.8 : 0.2));
    const middle = { x: 50, y: 40 };
    expect(illuminationUniformity(side, SIZE, everywhere, middle, { x: 50, y: 160 })).toBeCloseTo(0.25);
  });
});

describe('sharpness', () => {
  /** Bars in both diagonals and directions: every edge a step. */
  const edges = paint((x, y) => {
    const bars = [x % 48 < 24, y % 48 < 24, (x + y) % 64 < 32, (x - y + 960) % 64 < 32];
    return 0.3 + 0.1 * bars.filter(Boolean).length;
  });
  const value = (luma: Float32Array) => sharpness(luma, SIZE, everywhere) ?? Number.NaN;

  it('is high for step edges and falls with every bit of blur', () => {
    const values = [0, 0.6, 1, 1.6].map((sigma) => value(sigma === 0 ? edges : gaussian(edges, SIZE, sigma)));
    expect(values[0]).toBeGreaterThan(0.4);
    for (let n = 1; n < values.length; n++) expect(values[n]).toBeLessThan(values[n - 1] ?? 0);
    expect(value(gaussian(edges, SIZE, 4))).toBeLessThan(0.05);
  });

  it('does not depend on brightness or contrast', () => {
    const faint = edges.map((v) => 0.1 + 0.2 * v);
    expect(value(faint)).toBeCloseTo(value(edges), 3);
  });

  it('sees motion blur that spares the edges along the motion', () => {
    const moved = paint((x, y) => {
      let sum = 0;
      for (let k = -8; k <= 8; k++) sum += edges[y * SIZE + ((x + k + SIZE) % SIZE)] ?? 0;
      return sum / 17;
    });
    expect(value(moved)).toBeLessThan(0.5 * value(edges));
  });

  it('takes noise for noise: a blurred picture does not get sharp by it', () => {
    const random = noise();
    const grain = () => 0.03 * (random() + random() + random() - 1.5);
    const blurred = gaussian(edges, SIZE, 3).map((v) => v + grain());
    expect(value(blurred)).toBeLessThan(0.1);
  });

  it('says nothing of a face without structure, or without pixels', () => {
    expect(
      sharpness(
        paint(() => 0.5),
        SIZE,
        everywhere,
      ),
    ).toBeNull();
    expect(sharpness(edges, SIZE, new Uint8Array(SIZE * SIZE))).toBeNull();
  });
});

describe('blockiness', () => {
  const picture = (at: (x: number, y: number) => number): Picture => {
    const data = new Uint8ClampedArray(SIZE * SIZE * 4);
    for (let n = 0; n < SIZE * SIZE; n++) data.fill(at(n % SIZE, Math.floor(n / SIZE)), n * 4, n * 4 + 4);
    return { width: SIZE, height: SIZE, data, scale: 1, source: { width: SIZE, height: SIZE } };
  };
  const whole = { x: 0, y: 0, width: SIZE, height: SIZE };

  it('is 1 where every step lies on the grid, wherever the grid starts', () => {
    const squares = picture((x, y) => 100 + 10 * ((Math.floor((x + 3) / 8) + Math.floor((y + 5) / 8)) % 2));
    expect(blockiness(squares, whole)).toBeCloseTo(1);
  });

  it('is near 0 where steps are spread evenly', () => {
    const random = noise(7);
    expect(
      blockiness(
        picture(() => 100 + 50 * random()),
        whole,
      ),
    ).toBeLessThan(0.05);
    expect(
      blockiness(
        picture(() => 90),
        whole,
      ),
    ).toBe(0);
  });
});

/** 68 points of a face 100 wide between the outer eye corners, upright. */
function landmarks(): { x: number; y: number }[] {
  const points = Array.from({ length: 68 }, () => ({ x: 100, y: 100 }));
  points[36] = { x: 50, y: 80 };
  points[39] = { x: 80, y: 80 };
  points[42] = { x: 120, y: 80 };
  points[45] = { x: 150, y: 80 };
  points[8] = { x: 100, y: 180 };
  points[0] = { x: 40, y: 90 };
  points[16] = { x: 160, y: 90 };
  points[19] = { x: 65, y: 60 };
  points[48] = { x: 80, y: 140 };
  points[54] = { x: 120, y: 140 };
  for (const n of [61, 62, 63]) points[n] = { x: 100, y: 136 };
  for (const n of [65, 66, 67]) points[n] = { x: 100, y: 144 };
  return points;
}

describe('geometry', () => {
  const shape = { landmarks: landmarks(), mesh: null, score: 1 };

  it('takes the middle between the corners for the eyes', () => {
    expect(eyeCentres(shape)).toEqual({ left: { x: 65, y: 80 }, right: { x: 135, y: 80 } });
    expect(interEyeDistance(eyeCentres(shape))).toBe(70);
  });

  it('puts the crown as far above the eyes as the chin lies below', () => {
    expect(headLength(shape)).toBe(200);
  });

  it('adds a forehead to 68 points, and takes the mesh as it is', () => {
    expect(faceBox(shape)).toEqual({ x: 40, y: 0, width: 120, height: 180 });
    const mesh: Point3[] = [
      { x: 10, y: 20, z: 0 },
      { x: 110, y: 170, z: 5 },
    ];
    expect(faceBox({ ...shape, mesh })).toEqual({ x: 10, y: 20, width: 100, height: 150 });
  });

  it('measures the gap between the lips over the width of the mouth', () => {
    expect(mouthOpen(landmarks())).toBeCloseTo(0.2);
  });
});

describe('eyesOpen', () => {
  const eye = (opening: number): EyeContour => ({
    corners: [
      { x: 0, y: 0 },
      { x: 30, y: 0 },
    ],
    lids: [10, 15, 20].map((x) => [
      { x, y: -opening / 2 },
      { x, y: opening / 2 },
    ]),
  });

  it('is the aspect ratio of the less open eye between shut and open', () => {
    expect(eyeAspectRatio(eye(6))).toBeCloseTo(0.2);
    expect(eyesOpen([eye(10), eye(2)])).toBe(0);
    expect(eyesOpen([eye(10), eye(9)])).toBe(1);
    expect(eyesOpen([eye(10), eye(5.55)])).toBeCloseTo(0.5);
  });
});

describe('BlazeFace', () => {
  it('has an anchor in the middle of each cell', () => {
    const anchors = anchorCentres();
    expect(anchors).toHaveLength(896);
    expect(anchors[0]).toEqual({ x: 8, y: 8 });
    expect(anchors[511]).toEqual({ x: 248, y: 248 });
    expect(anchors[512]).toEqual({ x: 16, y: 16 });
    expect(anchors[895]).toEqual({ x: 240, y: 240 });
  });

  it('decodes offsets from the anchor, joins what overlaps and leaves out what is unlikely', () => {
    const output = new Float32Array(896 * 17).fill(-20);
    const face = (anchor: number, logit: number, x: number, y: number, size: number) => {
      output.fill(0, anchor * 17, anchor * 17 + 17);
      output.set([logit, x, y, size, size, -10, -5, 10, -5], anchor * 17);
    };
    face(0, 3, 2, 4, 40);
    face(1, 1, 2, 4, 40);
    face(511, 2, 0, 0, 30);
    const faces = decodeFaces(output, anchorCentres(), 0.5);
    expect(faces).toHaveLength(2);
    expect(faces[0]?.box.x).toBeCloseTo(10 - 20);
    expect(faces[0]?.box.y).toBeCloseTo(12 - 20);
    expect(faces[0]?.box.width).toBeCloseTo(40);
    expect(faces[0]?.score).toBeCloseTo(1 / (1 + Math.exp(-3)));
    expect(faces[0]?.points[1]?.x).toBeCloseTo(18);
  });

  it('measures overlap as intersection over union', () => {
    const a = { x: 0, y: 0, width: 10, height: 10 };
    expect(overlap(a, a)).toBe(1);
    expect(overlap(a, { x: 5, y: 0, width: 10, height: 10 })).toBeCloseTo(1 / 3);
    expect(overlap(a, { x: 20, y: 0, width: 10, height: 10 })).toBe(0);
  });
});
