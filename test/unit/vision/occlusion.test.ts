import { describe, expect, it } from 'vitest';
import { type Cover, coveredShare, coverOf } from '#vision/measures/occlusion';
import type { ZoneStatistics } from '#vision/measures/zones';

type Zones = Parameters<typeof coverOf>[0];

/** A patch of skin: luminance, how much redder than the forehead it is, its own detail (deviation over luminance). */
function skin(luma: number, redder = 0, detail = 0.2): ZoneStatistics {
  return patch(luma, 0.41 + 0.8 * redder, 0.28 - 0.6 * redder, detail);
}

function patch(luma: number, red: number, blue: number, detail: number): ZoneStatistics {
  const [dark, bright] = [luma * (1 - detail), luma * (1 + detail)];
  return { luma, dark, bright, deviation: luma * detail, red, blue, mottled: 0.008 };
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

  it('is dark glasses with a glint, so large that they cover the cheeks', () => {
    const lens = { ...patch(0.12, 0.34, 0.33, 0.3), bright: 0.6 };
    const glasses = {
      aroundLeftEye: lens,
      aroundRightEye: lens,
      leftCheek: lens,
      rightCheek: lens,
      leftEye: lens,
      rightEye: lens,
    };
    expect(covers(glasses)).toMatchObject({ leftEye: 1, rightEye: 1 });
  });

  it('is hair or a hand over one eye, which hides the iris that the other eye shows', () => {
    const found = covers({ leftEye: patch(0.5, 0.42, 0.27, 0.11), aroundLeftEye: skin(0.5, 0.04, 0.1) });
    expect(found).toEqual({ leftEye: 1, rightEye: 0, mouth: 0 });
  });

  it('is not two eyes shut against the sun', () => {
    const squint = patch(0.45, 0.42, 0.27, 0.2);
    expect(covers({ leftEye: squint, rightEye: squint })).toEqual({ leftEye: 0, rightEye: 0, mouth: 0 });
  });

  it('is a print of colours skin has, which a bare cheek has not side by side', () => {
    const print = { ...skin(0.5, 0.03, 0.2), mottled: 0.05 };
    expect(covers({ nose: print, leftCheek: print, rightCheek: print, upperLip: print }).mouth).toBe(1);
    const noisy = all((zone) => ({ ...zone, mottled: 0.05 }));
    expect(covers(noisy).mouth).toBe(0);
  });

  it.each([
    ['a hand of the face’s own colour', skin(0.52, 0.03, 0.07)],
    ['a black mask below the nose', patch(0.06, 0.34, 0.33, 0.15)],
    ['a white cup', patch(0.9, 0.34, 0.33, 0.1)],
    ['a book', patch(0.45, 0.26, 0.42, 0.1)],
  ])('is %s before the mouth', (_name, thing) => {
    expect(covers({ lips: thing, upperLip: thing, chin: thing }).mouth).toBe(1);
  });

  it('is not a beard, black or white, whose lips show', () => {
    for (const hair of [patch(0.1, 0.36, 0.31, 0.3), patch(0.8, 0.35, 0.32, 0.3)]) {
      expect(covers({ upperLip: hair, chin: hair }).mouth).toBe(0);
    }
  });

  it('is not a smile whose teeth and lips come to the colour of the chin', () => {
    const chin = skin(0.36, -0.08, 0.2);
    expect(covers({ chin, lips: { ...chin, dark: 0.08, bright: 0.8, deviation: 0.25 } }).mouth).toBe(0);
  });

  it('is not a nose in flat light, with lips below it', () => {
    expect(covers({ nose: skin(0.7, 0.03, 0.04) }).mouth).toBe(0);
  });

  it('is black cloth over nose and cheeks, a mouth painted on it or not', () => {
    const cloth = patch(0.06, 0.34, 0.33, 0.3);
    const teeth = patch(0.7, 0.33, 0.33, 0.6);
    const mask = { nose: cloth, leftCheek: cloth, rightCheek: cloth, upperLip: cloth, chin: cloth, noseBridge: cloth };
    expect(covers({ ...mask, lips: teeth }).mouth).toBe(1);
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
