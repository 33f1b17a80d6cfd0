import { describe, expect, it } from 'vitest';
import { unknownMeasures } from '#shared/measures';
import { PRESET_CRITERIA } from '#shared/quality';
import {
  beginDraft,
  draftCriteria,
  isSameDraft,
  MEASURE_GROUPS,
  typedLimit,
  withLimit,
} from '../../../src/renderer/lib/quality-draft.ts';
import { isShorter, typedRetention } from '../../../src/renderer/lib/retention-draft.ts';

const desk = { preset: 'standard' as const, limits: { yaw: { max: 5 } } };

describe('limits of the desk’s own', () => {
  it('every measure has its place once', () => {
    const all = Object.values(MEASURE_GROUPS).flat();
    expect(all.toSorted()).toEqual(Object.keys(unknownMeasures()).toSorted());
  });

  it('a limit that is the preset’s own is no override', () => {
    const own = PRESET_CRITERIA.standard.yaw ?? {};
    expect(withLimit(desk, 'yaw', own).limits).toEqual({});
    expect(withLimit(desk, 'pitch', {}).limits).toEqual({ yaw: { max: 5 }, pitch: {} });
    expect(withLimit(desk, 'headSize', {}).limits).toEqual({ yaw: { max: 5 } });
  });

  it('what a configuration in force names outranks them; what was remembered is taken over', () => {
    const config = { preset: 'strict' as const, yaw: { max: 3 } };
    expect(draftCriteria(desk, config)).toMatchObject({ yaw: { max: 3 }, roll: PRESET_CRITERIA.strict.roll });
    expect(draftCriteria(desk, null)).toMatchObject({ yaw: { max: 5 }, roll: PRESET_CRITERIA.standard.roll });
    expect(beginDraft(desk, config, true)).toEqual(desk);
    expect(beginDraft({ ...desk, limits: { roll: {} } }, config, false)).toEqual({
      preset: 'strict',
      limits: { yaw: { max: 3 }, roll: {} },
    });
  });

  it('reads what people type, and nothing else', () => {
    expect(typedLimit('', ' ')).toEqual({});
    expect(typedLimit('-5', '5,5')).toEqual({ min: -5, max: 5.5 });
    expect(typedLimit('5', '-5')).toBeNull();
    expect(typedLimit('five', '')).toBeNull();
  });

  it('tells a change from none', () => {
    expect(isSameDraft(desk, { preset: 'standard', limits: { yaw: { max: 5 } } })).toBe(true);
    expect(isSameDraft(desk, { ...desk, limits: {} })).toBe(false);
    expect(isSameDraft(desk, { ...desk, preset: 'lenient' })).toBe(false);
    expect(isSameDraft(desk, { ...desk, limits: { yaw: { max: 6 } } })).toBe(false);
  });
});

describe('how long things are kept', () => {
  const typed = { deliveredPhotosDays: '0', failedPhotosDays: '7', receiptsDays: '', visitsDays: '30' };
  const now = { deliveredPhotosDays: 0, failedPhotosDays: 7, receiptsDays: 365, visitsDays: 30 };

  it('empty is without end where that may be, and nothing where it may not', () => {
    expect(typedRetention(typed)).toEqual({ ...now, receiptsDays: null });
    expect(typedRetention({ ...typed, failedPhotosDays: '' })).toBeNull();
    expect(typedRetention({ ...typed, failedPhotosDays: '0,5' })?.failedPhotosDays).toBe(0.5);
    for (const wrong of ['-1', 'a week', '99999']) expect(typedRetention({ ...typed, visitsDays: wrong })).toBeNull();
  });

  it('asks where something goes sooner', () => {
    expect(isShorter({ ...now, receiptsDays: null }, now)).toBe(false);
    expect(isShorter(now, { ...now, receiptsDays: null })).toBe(true);
    expect(isShorter({ ...now, failedPhotosDays: 6 }, now)).toBe(true);
  });
});
