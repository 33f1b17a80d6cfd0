import { describe, expect, it } from 'vitest';
import type { PlatformDefinition } from '#platforms/contract';
import { PLATFORMS } from '#platforms/index';
import { QUALITY } from '#platforms/senselink/faults';
import { type Inspection, type Measures, unknownMeasures } from '#shared/measures';
import { PEOPLE_CODES } from '../../../src/platforms/megvii/codes.ts';

const { megvii, senselink, hikconnect, device, hcp } = PLATFORMS;
const face = { box: { x: 200, y: 250, width: 200, height: 260 }, score: 1, relativeSize: 1 };
const look = (measures: Partial<Measures> = {}, more: Partial<Inspection> = {}): Inspection => ({
  width: 600,
  height: 800,
  faces: [face],
  box: face.box,
  eyes: null,
  measures: { ...unknownMeasures(), ...measures },
  ms: 0,
  ...more,
});
const NONE = look({}, { faces: [], box: null });
const SEVERAL = look({}, { faces: [face, face] });

/** A picture for each answer a platform's document lists and a measured quantity can foretell, and the measures it is about. */
const BOOKS: [PlatformDefinition, [code: string | number, picture: Inspection, about: string[]][]][] = [
  [
    senselink,
    [
      [30003, NONE, ['faces']],
      [101, SEVERAL, ['faces']],
      [10201, look({}, { width: 90, height: 120 }), []],
      [10301, look({ confidence: 0.6 }), ['confidence']],
      [1030201, look({}, { box: { x: 0, y: 0, width: 50, height: 70 } }), ['interEyeDistance']],
      [1030301, look({ pitch: 22.19 }), ['pitch']],
      [1030302, look({ yaw: -30 }), ['yaw']],
      [1030303, look({ roll: 40 }), ['roll']],
      [10401, look({ centreY: 0.9 }), ['centreX', 'centreY']],
      [10402, look({}, { box: { x: 0, y: 0, width: 90, height: 120 } }), ['faceSize']],
      [10403, look({ occlusion: 0.7 }), ['eyesVisible', 'mouthNoseVisible', 'occlusion']],
      [10404, look({ brightness: 0.95 }), ['brightness']],
      [10405, look({ sharpness: 0.05 }), ['sharpness']],
      [10406, look({ mouthOpen: 0.9 }), ['mouthOpen']],
      [10407, look({ marginBelow: -0.4 }), ['marginLeft', 'marginRight', 'marginAbove', 'marginBelow']],
    ],
  ],
  [
    megvii,
    [
      [101070, NONE, ['faces', 'confidence']],
      [101070, look({ confidence: 0.5 }), ['faces', 'confidence']],
      [101104, SEVERAL, ['faces']],
      [101051, look({}, { box: { x: 0, y: 0, width: 70, height: 90 } }), ['interEyeDistance']],
      [101050, look({ sharpness: 0.05 }), ['sharpness']],
      [101052, look({ pitch: 25 }), ['pitch']],
      [101053, look({ yaw: -25 }), ['yaw']],
      [101054, look({ roll: 25 }), ['roll']],
      [101055, look({ brightness: 0.1 }), ['brightness']],
      [101056, look({ contrast: 0.4 }), ['contrast']],
      [101101, look({ mouthNoseVisible: 0.2 }), ['eyesVisible', 'mouthNoseVisible', 'occlusion']],
    ],
  ],
  [
    hikconnect,
    [
      ['THD_ISAPI_0x60000036', NONE, ['faces']],
      ['THD_ISAPI_0x60000035', SEVERAL, ['faces']],
      ['THD_ISAPI_0x6000603b', look({ interEyeDistance: 30 }), ['interEyeDistance']],
      ['THD_ISAPI_0x6000603e', look({ yaw: 50 }), ['eyesVisible', 'mouthNoseVisible', 'yaw', 'pitch', 'roll']],
    ],
  ],
  [
    device,
    [
      [30002, NONE, ['faces', 'confidence', 'roll', 'marginLeft', 'marginRight']],
      [30002, look({ roll: 80 }), ['faces', 'confidence', 'roll', 'marginLeft', 'marginRight']],
    ],
  ],
];

describe.each(BOOKS)('$kind', (definition, entries) => {
  it('passes a face nothing is wrong with', () => {
    expect(definition.predict(look({ yaw: 1, brightness: 0.5, sharpness: 0.4, confidence: 1 }))).toBeNull();
  });

  it.each(entries)('foretells %s and knows what it is about', (code, picture, about) => {
    expect(definition.predict(picture)?.code).toBe(code);
    expect(definition.concerns?.(String(code)).map(({ measure }) => measure)).toEqual(about);
  });

  it('knows nothing about a code that no measure tells of', () => {
    expect(definition.concerns?.('101066')).toEqual([]);
  });
});

it('leaves no quality code out but those the books name as not to be foretold', () => {
  const foretold = (definition: PlatformDefinition) =>
    new Set(BOOKS.find(([one]) => one === definition)?.[1].map(([code]) => String(code)));
  const missing = (codes: string[], definition: PlatformDefinition) =>
    codes.filter((code) => !foretold(definition).has(code));
  expect(missing(Object.keys(QUALITY), senselink)).toEqual([]);
  const judged = Object.entries(PEOPLE_CODES).flatMap(([code, [kind]]) => (kind === 'quality' ? [code] : []));
  expect(missing(judged, megvii)).toEqual(['101066', '101082', '121043']);
});

it('speaks about limits a box told itself, and about a measure it left open', () => {
  const live = { yaw: { min: -12, max: 12 }, interEyeDistance: { min: 86 } };
  expect(megvii.concerns?.('101053', live)).toEqual([{ measure: 'yaw', limit: live.yaw }]);
  expect(megvii.concerns?.('101051', live)).toEqual([{ measure: 'interEyeDistance', limit: { min: 86 } }]);
  expect(megvii.concerns?.('101055', live)).toEqual([{ measure: 'brightness', limit: {} }]);
  expect(megvii.predict(look({ brightness: 0.01 }), live)).toBeNull();
  expect(hcp.concerns).toBeUndefined();
});

it('a device’s code is known in either case', () => {
  expect(hikconnect.concerns?.('THD_ISAPI_0x6000603B')).toHaveLength(1);
});
