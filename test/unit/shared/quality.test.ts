import { describe, expect, it } from 'vitest';
import { type Inspection, type Measures, unknownMeasures } from '#shared/measures';
import {
  type Criteria,
  criteriaSchema,
  judge,
  PRESET_CRITERIA,
  PRESETS,
  resolveCriteria,
  strictest,
} from '#shared/quality';
import { GOOD_MEASURES } from '../../fixtures/good-measures.ts';

function look(measures: Partial<Measures> = {}, faces = 1): Inspection {
  const box = { x: 10, y: 10, width: 100, height: 130 };
  return {
    width: 640,
    height: 480,
    faces: Array.from({ length: faces }, () => ({ box, score: 1, relativeSize: 1 })),
    box: faces > 0 ? box : null,
    eyes: null,
    measures: faces > 0 ? { ...GOOD_MEASURES, ...measures } : unknownMeasures(),
    ms: 1,
  };
}

describe('judge', () => {
  it.each(PRESETS)('accepts a good picture by the %s preset', (preset) => {
    expect(judge(look(), PRESET_CRITERIA[preset])).toEqual({ accepted: true, reasons: [] });
  });

  it('gives no other reason where there is no face', () => {
    const { reasons } = judge(look({}, 0), PRESET_CRITERIA.standard);
    expect(reasons).toEqual([{ measure: 'faces', value: 0, limit: { min: 1, max: 1 } }]);
  });

  it('judges the principal face too where there are several', () => {
    const { reasons } = judge(look({ brightness: 0.05 }, 2), PRESET_CRITERIA.standard);
    expect(reasons.map(({ measure, value }) => [measure, value])).toEqual([
      ['faces', 2],
      ['brightness', 0.05],
    ]);
  });

  it('does not accept what could not be told, where it has a limit', () => {
    const verdict = judge(look({ eyesOpen: null }), PRESET_CRITERIA.standard);
    expect(verdict).toEqual({
      accepted: false,
      reasons: [{ measure: 'eyesOpen', value: null, limit: PRESET_CRITERIA.standard.eyesOpen }],
    });
    expect(judge(look({ headSize: null }), PRESET_CRITERIA.standard).accepted).toBe(true);
  });

  it('takes the ends of a limit in', () => {
    const criteria: Criteria = { yaw: { min: -20, max: 20 } };
    expect(judge(look({ yaw: 20 }), criteria).accepted).toBe(true);
    expect(judge(look({ yaw: -20.01 }), criteria).accepted).toBe(false);
  });

  it.each<[keyof Measures, number]>([
    ['yaw', 30],
    ['pitch', -25],
    ['roll', 15],
    ['sharpness', 0.09],
    ['brightness', 0.11],
    ['dynamicRange', 5],
    ['overExposed', 0.2],
    ['illuminationUniformity', 0.35],
    ['interEyeDistance', 36],
    ['eyesOpen', 0.1],
    ['occlusion', 0.3],
    ['centreX', 0.05],
    ['marginLeft', -0.5],
    ['marginBelow', -0.4],
    ['resolution', 20],
    ['compression', 0.9],
    ['eyesVisible', 0.1],
    ['mouthNoseVisible', 0],
    ['confidence', 0.6],
  ])('refuses by the standard preset for %s %d', (measure, value) => {
    const { reasons } = judge(look({ [measure]: value }), PRESET_CRITERIA.standard);
    expect(reasons.map((reason) => reason.measure)).toEqual([measure]);
  });

  it('asks the same brightness of dark and pale faces: a dark face in good light passes every preset', () => {
    for (const preset of PRESETS)
      expect(judge(look({ brightness: 0.18 }), PRESET_CRITERIA[preset]).accepted).toBe(true);
  });

  it('does not judge where a site took both ends of a limit away, nor the background', () => {
    const criteria = resolveCriteria({ eyesOpen: {} });
    expect(judge(look({ eyesOpen: null }), criteria).accepted).toBe(true);
    for (const preset of PRESETS) {
      const nothing = { backgroundUniformity: null, luminanceVariance: null };
      expect(judge(look(nothing), PRESET_CRITERIA[preset]).accepted).toBe(true);
    }
  });
});

describe('criteria', () => {
  it('are ordered: what strict accepts standard accepts, and what standard accepts lenient does', () => {
    expect(strictest(PRESET_CRITERIA.strict, PRESET_CRITERIA.standard)).toEqual(PRESET_CRITERIA.strict);
    expect(strictest(PRESET_CRITERIA.standard, PRESET_CRITERIA.lenient)).toEqual(PRESET_CRITERIA.standard);
  });

  it('keep the stricter end of each limit', () => {
    expect(strictest({ yaw: { min: -20, max: 10 }, brightness: { min: 0.2 } }, { yaw: { min: -5, max: 30 } })).toEqual({
      yaw: { min: -5, max: 10 },
      brightness: { min: 0.2 },
    });
    expect(strictest({ roll: { max: 5 } }, { roll: { min: -5 } })).toEqual({ roll: { min: -5, max: 5 } });
  });

  it("lay a site's own limits over its preset", () => {
    const criteria = resolveCriteria({ preset: 'strict', yaw: { min: -3, max: 3 } });
    expect(criteria.yaw).toEqual({ min: -3, max: 3 });
    expect(criteria.sharpness).toEqual(PRESET_CRITERIA.strict.sharpness);
    expect(resolveCriteria()).toEqual(PRESET_CRITERIA.standard);
  });

  it('know every measure, and no other', () => {
    for (const preset of PRESETS)
      expect(criteriaSchema.parse(PRESET_CRITERIA[preset])).toEqual(PRESET_CRITERIA[preset]);
    expect(() => criteriaSchema.parse({ beauty: { min: 1 } })).toThrow();
    for (const name of Object.keys(unknownMeasures()))
      expect(criteriaSchema.parse({ [name]: { min: 0 } })).toBeTruthy();
  });
});
