import { describe, expect, it } from 'vitest';
import { type Inspection, unknownMeasures } from '#shared/measures';
import { PRESET_CRITERIA } from '#shared/quality';
import { criteriaOf } from '../../../src/platforms/megvii/criteria.ts';
import { predict } from '../../../src/platforms/megvii/rules.ts';

const custom = {
  blur: 0.5,
  pitch: 12,
  roll: 13,
  yaw: 14,
  brightnessMin: 51,
  brightnessMax: 204,
  size: 200,
  sdtDeviation: 51,
};
const face: Inspection = {
  width: 960,
  height: 1280,
  faces: [{ box: { x: 0, y: 0, width: 400, height: 500 }, score: 0.9, relativeSize: 1 }],
  box: { x: 0, y: 0, width: 400, height: 500 },
  eyes: null,
  measures: {
    ...unknownMeasures(),
    sharpness: 0.4,
    yaw: 1,
    pitch: 1,
    roll: 1,
    brightness: 0.5,
    contrast: 0.1,
    interEyeDistance: 150,
  },
  ms: 1,
};
const with_ = (measures: Partial<Inspection['measures']>): Inspection => ({
  ...face,
  measures: { ...face.measures, ...measures },
});

const [strict = 0, standard = 0, lenient = 0] = (['strict', 'standard', 'lenient'] as const).map(
  (preset) => PRESET_CRITERIA[preset].sharpness?.min,
);

describe('the box’s standard in our measures (功能配置 1.6.3)', () => {
  it('keeps degrees, and grey levels as shares', () => {
    expect(criteriaOf({ level: 4, customConfig: custom })).toEqual({
      pitch: { min: -12, max: 12 },
      yaw: { min: -14, max: 14 },
      roll: { min: -13, max: 13 },
      brightness: { min: 0.2, max: 0.8 },
      contrast: { max: 0.2 },
      interEyeDistance: { min: 86 },
      sharpness: { min: standard },
    });
  });

  it('leaves out what is no limit: 90 degrees, 255 levels, a deviation no picture has, blur 1', () => {
    const open = { ...custom, blur: 1, pitch: 90, yaw: 100, roll: 91, brightnessMax: 500, sdtDeviation: 500 };
    expect(criteriaOf({ level: 4, customConfig: open })).toEqual({
      brightness: { min: 0.2 },
      interEyeDistance: { min: 86 },
    });
  });

  it.each([
    [0, strict],
    [0.2, strict],
    [0.35, (strict + standard) / 2],
    [0.5, standard],
    [0.8, lenient],
    [0.9, lenient / 2],
  ])('asks for the less sharpness the more blur the box takes: %d', (blur, sharpness) => {
    expect(sharpness).toBeGreaterThan(0);
    expect(criteriaOf({ level: 4, customConfig: { ...custom, blur } })?.sharpness?.min).toBeCloseTo(sharpness, 2);
  });

  it('is unknown for levels that tell no numbers', () => {
    expect(criteriaOf({ level: 1 })).toBeNull();
    expect(criteriaOf({ level: 3, customConfig: null })).toBeNull();
  });
});

describe('prediction by the box’s own standard', () => {
  const live = criteriaOf({ level: 4, customConfig: custom });

  it.each<[number, Partial<Inspection['measures']>]>([
    [101051, { interEyeDistance: 80 }],
    [101052, { pitch: -13 }],
    [101053, { yaw: 15 }],
    [101054, { roll: -14 }],
    [101055, { brightness: 0.19 }],
    [101055, { brightness: 0.81 }],
    [101056, { contrast: 0.21 }],
    [101050, { sharpness: 0.01 }],
    [101101, { occlusion: 0.9 }],
  ])('says %i', (code, measures) => {
    expect(predict(with_(measures), live)?.code).toBe(code);
  });

  it('passes what our estimate would not, where the box is laxer, and the other way about', () => {
    const lax = criteriaOf({ level: 4, customConfig: { ...custom, yaw: 60 } });
    expect(predict(with_({ yaw: 40 }))?.code).toBe(101053);
    expect(predict(with_({ yaw: 40 }), lax)).toBeNull();
    expect(predict(with_({ yaw: 15 }))).toBeNull();
    expect(predict(with_({ yaw: 15 }), live)?.code).toBe(101053);
    expect(predict(with_({ yaw: 40 }), null)?.code).toBe(101053);
  });
});
