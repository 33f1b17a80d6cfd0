import { describe, expect, it } from 'vitest';
import {
  ADVICE,
  type Advice,
  adviceFor,
  adviceList,
  faceSpeed,
  GUIDE_TIMING,
  type LiveVerdict,
  liveVerdict,
  startGuide,
  stepGuide,
} from '#shared/guidance';
import { type Inspection, type MeasureName, type Measures, unknownMeasures } from '#shared/measures';
import { type Criteria, criteriaSchema, PRESET_CRITERIA, type Reason } from '#shared/quality';
import { GOOD_MEASURES } from '../../fixtures/good-measures.ts';

const criteria = PRESET_CRITERIA.standard;

function look(measures: Partial<Measures> = {}, faces = 1): Inspection {
  const box = { x: 500, y: 200, width: 250, height: 300 };
  return {
    width: 1280,
    height: 720,
    faces: Array.from({ length: faces }, () => ({ box, score: 1, relativeSize: 1 })),
    box: faces > 0 ? box : null,
    eyes: null,
    measures: { ...GOOD_MEASURES, ...measures },
    ms: 40,
  };
}

function instruction(measures: Partial<Measures>, own: Criteria = criteria) {
  return liveVerdict(look(measures), own).instruction;
}

describe('adviceFor', () => {
  it.each<[Partial<Measures>, Advice]>([
    [{ faceSize: 0.05 }, 'come-closer'],
    [{ faceSize: 0.99 }, 'move-back'],
    [{ interEyeDistance: 20 }, 'come-closer'],
    // The camera sees the person at image-left: that is their own right, so they go left.
    [{ centreX: 0.1 }, 'move-left'],
    [{ centreX: 0.9 }, 'move-right'],
    [{ centreY: 0.1 }, 'move-down'],
    [{ centreY: 0.9 }, 'move-up'],
    // Yaw + is turned to image-left, which is the person's own right.
    [{ yaw: 25 }, 'turn-left'],
    [{ yaw: -25 }, 'turn-right'],
    [{ pitch: 25 }, 'lower-chin'],
    [{ pitch: -25 }, 'raise-chin'],
    [{ roll: 25 }, 'tilt-right'],
    [{ roll: -25 }, 'tilt-left'],
    [{ yaw: null }, 'look-straight'],
    [{ brightness: 0.05 }, 'more-light'],
    [{ brightness: 0.95 }, 'too-bright'],
    [{ underExposed: 0.6 }, 'more-light'],
    [{ overExposed: 0.6 }, 'too-bright'],
    [{ illuminationUniformity: 0.1 }, 'turn-to-light'],
    [{ sharpness: 0 }, 'hold-still'],
  ])('%o → %s', (measures, advice) => {
    expect(instruction(measures)).toBe(advice);
  });

  it('knows an advice for every measure, too low, too high and unknown', () => {
    const names = Object.keys(criteriaSchema.shape) as MeasureName[];
    expect(names.length).toBeGreaterThan(15);
    for (const measure of names) {
      const limit = { min: 0.4, max: 0.6 };
      for (const value of [0, 1, null]) expect(ADVICE).toContain(adviceFor({ measure, value, limit }));
    }
  });
});

describe('liveVerdict', () => {
  it('says the most important thing first', () => {
    expect(instruction({ faceSize: 0.05, yaw: 40, brightness: 0.01, sharpness: 0 })).toBe('come-closer');
    expect(instruction({ yaw: 40, brightness: 0.01, sharpness: 0 })).toBe('turn-left');
    expect(instruction({ brightness: 0.01, sharpness: 0 })).toBe('more-light');
  });

  it('puts the number of faces before everything', () => {
    expect(liveVerdict(look({}, 0), criteria)).toMatchObject({ accepted: false, instruction: 'no-face' });
    expect(liveVerdict(look({ faceSize: 0.01 }, 2), criteria)).toMatchObject({
      accepted: false,
      ready: false,
      instruction: 'one-person',
    });
  });

  it('accepts a good frame', () => {
    expect(liveVerdict(look(), criteria)).toMatchObject({
      accepted: true,
      ready: true,
      instruction: 'good',
      reasons: [],
    });
  });

  it('lets the shutter work outside the oval, but not the automatic capture', () => {
    expect(liveVerdict(look({ centreX: 0.25 }), criteria)).toMatchObject({
      accepted: true,
      ready: false,
      instruction: 'move-left',
    });
  });

  it('asks a moving face to hold still', () => {
    expect(liveVerdict(look(), criteria, 3)).toMatchObject({ accepted: true, ready: false, instruction: 'hold-still' });
    expect(liveVerdict(look(), criteria, 0.2)).toMatchObject({ ready: true, instruction: 'good' });
  });
});

describe('adviceList', () => {
  it('joins reasons with the same remedy and keeps the order of importance', () => {
    const reasons: Reason[] = [
      { measure: 'sharpness', value: 0, limit: { min: 1 } },
      { measure: 'interEyeDistance', value: 10, limit: { min: 60 } },
      { measure: 'faceSize', value: 0.1, limit: { min: 0.2 } },
    ];
    const list = adviceList(reasons);
    expect(list.map((entry) => entry.advice)).toEqual(['come-closer', 'hold-still']);
    expect(list[0]?.reasons).toHaveLength(2);
  });
});

describe('a blurred or dark picture', () => {
  it('is asked to hold still before the chin is spoken of, which blur alone may seem to lower', () => {
    const reasons: Reason[] = [
      { measure: 'pitch', value: -18, limit: { min: -17 } },
      { measure: 'sharpness', value: 0, limit: { min: 1 } },
    ];
    expect(adviceList(reasons).map(({ advice }) => advice)).toEqual(['hold-still', 'raise-chin']);
  });

  it('is given light before the chin is spoken of', () => {
    const reasons: Reason[] = [
      { measure: 'pitch', value: -20, limit: { min: -19 } },
      { measure: 'brightness', value: 0.05, limit: { min: 0.15 } },
    ];
    expect(adviceList(reasons).map(({ advice }) => advice)).toEqual(['more-light', 'raise-chin']);
  });

  it('is asked to hold still before anything that texture tells', () => {
    const reasons: Reason[] = [
      { measure: 'occlusion', value: 0.6, limit: { max: 0.2 } },
      { measure: 'sharpness', value: 0, limit: { min: 1 } },
    ];
    expect(adviceList(reasons).map(({ advice }) => advice)).toEqual(['hold-still', 'uncover-face']);
    expect(adviceList(reasons.slice(0, 1)).map(({ advice }) => advice)).toEqual(['uncover-face']);
  });
});

describe('faceSpeed', () => {
  const box = { x: 0, y: 0, width: 100, height: 120 };
  it('is in face widths a second', () => {
    expect(faceSpeed({ box, at: 0 }, { ...box, x: 50 }, 500)).toBeCloseTo(1);
  });
  it('is unknown without two looks', () => {
    expect(faceSpeed(null, box, 10)).toBeNull();
    expect(faceSpeed({ box, at: 0 }, null, 10)).toBeNull();
    expect(faceSpeed({ box, at: 10 }, box, 10)).toBeNull();
  });
});

describe('stepGuide', () => {
  it('shows acceptance at once', () => {
    expect(stepGuide(startGuide(0), 'good', 1).shown).toBe('good');
  });

  it('does not flicker when the engine loses the face for a frame', () => {
    let guide = stepGuide(startGuide(0), 'good', 1000);
    guide = stepGuide(guide, 'no-face', 3000);
    expect(guide.shown).toBe('good');
    guide = stepGuide(guide, 'good', 3100);
    expect(guide).toMatchObject({ shown: 'good', candidate: null });
  });

  it('keeps an instruction for its time even when another one is asked for', () => {
    let guide = startGuide(0);
    for (let at = 0; at < GUIDE_TIMING.holdMs; at += 100) {
      guide = stepGuide(guide, 'come-closer', at);
      expect(guide.shown).toBe('no-face');
    }
    guide = stepGuide(guide, 'come-closer', GUIDE_TIMING.holdMs);
    expect(guide).toMatchObject({ shown: 'come-closer', shownAt: GUIDE_TIMING.holdMs });
  });

  it('starts the confirmation again when the wish changes', () => {
    let guide = startGuide(0);
    guide = stepGuide(guide, 'come-closer', 1000);
    guide = stepGuide(guide, 'turn-left', 1200);
    guide = stepGuide(guide, 'come-closer', 1300);
    guide = stepGuide(guide, 'come-closer', 1500);
    expect(guide.shown).toBe('no-face');
    expect(stepGuide(guide, 'come-closer', 1550).shown).toBe('come-closer');
  });
});

describe('a face at a limit', () => {
  /** Yaw around its limit, as unquiet as the engine is from frame to frame: normal, σ 0.7°, the same each time. */
  function unquiet(around: number, frames: number): number[] {
    let seed = 7;
    const even = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    return Array.from(
      { length: frames },
      () => around + 0.7 * Math.sqrt(-2 * Math.log(even())) * Math.cos(2 * Math.PI * even()),
    );
  }

  /** How often the shown instruction changes in thirty seconds of twelve frames each. */
  function changes(values: readonly number[], yaw: { min: number; max: number }, remember: boolean): number {
    let guide = startGuide(0);
    let told: LiveVerdict['told'] = [];
    let count = 0;
    values.forEach((value, n) => {
      const seen = look({ yaw: value });
      const verdict = liveVerdict(seen, { ...PRESET_CRITERIA.standard, yaw }, null, remember ? told : []);
      told = verdict.told;
      const next = stepGuide(guide, verdict.instruction, 1000 + (n * 1000) / 12);
      if (next.shown !== guide.shown) count += 1;
      guide = next;
    });
    return count;
  }

  it.each([12, 14, 15, 16])('is told one thing and not two in turns (%d° at a limit of 15°)', (around) => {
    expect(changes(unquiet(around, 360), { min: -15, max: 15 }, true)).toBeLessThanOrEqual(4);
  });

  it('would hear two in turns without', () => {
    const limits = { min: -15, max: 15 };
    expect(changes(unquiet(15, 360), limits, false)).toBeGreaterThan(8);
  });

  it('is accepted by the limits themselves, whatever was said before', () => {
    const before = liveVerdict(look({ yaw: 25 }), PRESET_CRITERIA.standard).told;
    const limit = PRESET_CRITERIA.standard.yaw?.max ?? 0;
    const now = liveVerdict(look({ yaw: limit - 0.5 }), PRESET_CRITERIA.standard, null, before);
    expect(now).toMatchObject({ accepted: true, ready: false, instruction: 'turn-left' });
    expect(liveVerdict(look({ yaw: limit - 3.5 }), PRESET_CRITERIA.standard, null, before).ready).toBe(true);
  });

  it('hardly to be seen is asked to look here, not to come closer', () => {
    const seen = { ...look(), measures: { ...unknownMeasures(), confidence: 0.3, faceSize: 0.4 } };
    expect(liveVerdict(seen, PRESET_CRITERIA.standard).instruction).toBe('look-straight');
  });
});
