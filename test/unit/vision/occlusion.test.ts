import { describe, expect, it } from 'vitest';
import { type Cover, coveredShare, coverOf } from '#vision/measures/occlusion';
import type { ZoneStatistics } from '#vision/measures/zones';

type Zones = Parameters<typeof coverOf>[0];

/** A patch of skin: luminance, how much redder than the forehead it is, its own detail (deviation over luminance). */
function skin(luma: number, redder = 0, detail = 0.2): ZoneStatistics {
  return patch(luma, 0.41 + 0.8 * redder, 0.28 - 0.6 * redder, detail);
}

function patch(luma: number, red: number, blue: number, detail: number): ZoneStatistics {
  return { luma, dark: luma * (1 - detail), bright: luma * (1 + detail), deviation: luma * detail, red, blue };
}

/** A sharp face in good light. */
const free: Zones = {
  forehead: skin(0.65),
  noseBridge: skin(0.62, 0.02),
  nose: skin(0.55, 0.05, 0.3),
  leftCheek: skin(0.58, 0.03),
  rightCheek: skin(0.57, 0.03),
  upperLip: skin(0.52, 0.04),
  chin: skin(0.52, 0.03),
  lips: skin(0.42, 0.09, 0.3),
  aroundLeftEye: skin(0.5, 0.04),
  aroundRightEye: skin(0.5, 0.04),
  leftEye: patch(0.35, 0.38, 0.31, 0.5),
  rightEye: patch(0.35, 0.38, 0.31, 0.5),
};

const covers = (change: Partial<Zones>): Cover => {
  const found = coverOf({ ...free, ...change });
  if (!found) throw new Error('nothing was told');
  return found;
};

/** The same face with every patch changed: blur, for instance. */
const all = (change: (zone: ZoneStatistics) => ZoneStatistics): Partial<Zones> =>
  Object.fromEntries(Object.entries(free).map(([name, zone]) => [name, zone && change(zone)]));

describe('what covers a face', () => {
  it('is nothing on a bare one', () => {
    expect(covers({})).toEqual({ leftEye: 0, rightEye: 0, mouth: 0 });
  });

  it('is not the shade of one side, which makes skin darker and redder', () => {
    const shaded = { rightCheek: skin(0.3, 0.17), aroundRightEye: skin(0.26, 0.19), chin: skin(0.3, 0.15) };
    const found = covers({ ...shaded, nose: skin(0.42, 0.12, 0.3) });
    expect(found.rightEye).toBeLessThan(0.2);
    expect(found.mouth).toBe(0);
  });

  it('is not a glare on the forehead, which takes the colour of the light', () => {
    expect(covers({ forehead: patch(0.9, 0.36, 0.31, 0.05) }).mouth).toBe(0);
  });

  it('is not blur, which takes detail from the whole face alike', () => {
    const found = covers(all((zone) => ({ ...zone, deviation: zone.deviation / 4 })));
    expect(found).toEqual({ leftEye: 0, rightEye: 0, mouth: 0 });
  });

  it.each([
    ['white', 0.85, 0.34, 0.33],
    ['blue', 0.6, 0.28, 0.4],
    ['black', 0.12, 0.34, 0.33],
    ['red', 0.4, 0.72, 0.12],
  ])('is a %s mask', (_name, luma, red, blue) => {
    const cloth = patch(luma, red, blue, 0.12);
    const mask = { nose: cloth, leftCheek: cloth, rightCheek: cloth, upperLip: cloth, chin: cloth, lips: cloth };
    expect(covers(mask)).toEqual({ leftEye: 0, rightEye: 0, mouth: 1 });
  });

  it('is a mask of the colour of skin, which has no nose', () => {
    const cloth = skin(0.55, 0.03, 0.04);
    const mask = { nose: cloth, leftCheek: cloth, rightCheek: cloth, upperLip: cloth, chin: cloth, lips: cloth };
    expect(covers(mask).mouth).toBe(1);
  });

  it('is dark glasses, also under hair that hides the forehead', () => {
    const lens = patch(0.1, 0.34, 0.33, 0.1);
    const glasses = { aroundLeftEye: lens, aroundRightEye: lens, leftEye: lens, rightEye: lens };
    expect(covers(glasses)).toEqual({ leftEye: 1, rightEye: 1, mouth: 0 });
    expect(covers({ ...glasses, forehead: patch(0.08, 0.4, 0.28, 0.6) })).toMatchObject({ leftEye: 1, rightEye: 1 });
  });

  it('is coloured lenses', () => {
    const lens = patch(0.5, 0.28, 0.4, 0.2);
    expect(covers({ aroundLeftEye: lens, aroundRightEye: lens })).toMatchObject({ leftEye: 1, rightEye: 1 });
  });

  it('cannot be told where too little of the face is in the picture', () => {
    expect(coverOf({ ...free, lips: null })).toBeNull();
    expect(coverOf({ ...free, forehead: null, noseBridge: null })).toBeNull();
  });
});

describe('coveredShare', () => {
  it('weighs dark glasses and a mask', () => {
    expect(coveredShare({ leftEye: 0, rightEye: 0, mouth: 0 })).toBe(0);
    expect(coveredShare({ leftEye: 1, rightEye: 1, mouth: 0 })).toBeCloseTo(0.3);
    expect(coveredShare({ leftEye: 0, rightEye: 0, mouth: 1 })).toBeCloseTo(0.4);
  });
});
