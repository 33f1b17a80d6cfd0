import { describe, expect, it } from 'vitest';
import { type Inspection, unknownMeasures } from '#shared/measures';
import type { Person } from '#shared/person';
import { personFields } from '../../../src/platforms/megvii/enrol.ts';
import { companyName, phoneDigits, predict, problems, required } from '../../../src/platforms/megvii/rules.ts';

const staff: Person = { kind: 'staff', code: 'TP012345', name: { display: 'Anna Lim' } };
const visitor: Person = {
  kind: 'visitor',
  code: 'V1',
  name: { display: 'Bo' },
  phone: '+65 8123-4567',
  visit: {
    host: 'TP012345',
    company: 'Acme Pte. Ltd.',
    purpose: 'talk',
    from: '2026-11-22T09:00:00+08:00',
    to: '2026-11-22T18:00:00+08:00',
  },
};
const fields = (person: Person) => problems(person).map(({ field }) => field);

describe('Megvii person rules (人员管理 1.4.2)', () => {
  it('takes a plain person of each kind', () => {
    expect(problems(staff)).toEqual([]);
    expect(problems(visitor)).toEqual([]);
  });

  it.each<[string, Partial<Person>]>([
    ['code', { code: 'TP-1' }],
    ['code', { code: 'x'.repeat(33) }],
    ['name', { name: { display: 'n'.repeat(41) } }],
    ['phone', { phone: '12345' }],
    ['phone', { phone: '1234567890123456789' }],
    ['phone', { phone: 'ask at the desk' }],
    ['email', { email: 'nobody' }],
    ['card', { card: 'A1' }],
    ['idNumber', { idNumber: 'S-1' }],
    ['position', { position: 'p'.repeat(65) }],
    ['remark', { remark: 'r'.repeat(256) }],
  ])('names %s when it does not fit', (field, over) => {
    expect(fields({ ...staff, ...over })).toEqual([field]);
  });

  it('counts a name in characters, not in UTF-16 units', () => {
    expect(problems({ ...staff, name: { display: '𠮷'.repeat(40) } })).toEqual([]);
  });

  it('demands phone, host and times of a visitor', () => {
    expect(required('visitor')).toEqual(['phone', 'visit.host', 'visit.from', 'visit.to']);
    expect(required('staff')).toEqual([]);
    expect(fields({ ...visitor, phone: undefined, visit: {} })).toEqual(required('visitor'));
  });

  it('refuses a visit that ends before it begins', () => {
    const visit = { ...visitor.visit, from: '2026-11-22T18:00:00+08:00', to: '2026-11-22T18:00:00+08:00' };
    expect(fields({ ...visitor, visit })).toEqual(['visit.to']);
  });

  it('writes phone and company in the alphabets the box takes', () => {
    expect(phoneDigits('+65 8123-4567')).toBe('6581234567');
    expect(companyName('Acme (Asia) 有限公司')).toBe('AcmeAsia有限公司');
    expect(companyName('x'.repeat(50))).toHaveLength(40);
  });
});

describe('Megvii person on the wire', () => {
  const made = { imageUri: 'uri', groups: ['g1'], hostUuid: null };

  it('says 1 for male, 2 for female, 0 for unknown', () => {
    const sex = (gender: Person['gender']) => personFields({ ...staff, gender }, {}, made).sex;
    expect([sex('male'), sex('female'), sex('unknown'), sex(undefined)]).toEqual([1, 2, 0, 0]);
  });

  it('sends nothing that was not given', () => {
    expect(personFields(staff, {}, { ...made, groups: [] })).toEqual({
      name: 'Anna Lim',
      sex: 0,
      imageUri: 'uri',
      code: 'TP012345',
    });
  });

  it('puts membership on the person', () => {
    expect(personFields(staff, { orgUuid: 'org' }, made)).toMatchObject({ groupList: ['g1'], orgUuid: 'org' });
  });

  it('sends a visit in milliseconds and the key where visitors have one', () => {
    const sent = personFields(visitor, {}, { ...made, hostUuid: 'host' });
    expect(sent).toMatchObject({
      uniqueIdentify: 'V1',
      phone: '6581234567',
      visitStartTimeStamp: Date.parse('2026-11-22T01:00:00Z'),
      visitEndTimeStamp: Date.parse('2026-11-22T10:00:00Z'),
      visitedUuid: 'host',
      visitFirm: 'AcmePteLtd',
      visitReason: 'talk',
    });
    expect(sent).not.toHaveProperty('code');
  });
});

describe('Megvii prediction (人员管理 1.3.4)', () => {
  const face: Inspection = {
    width: 960,
    height: 1280,
    faces: [{ box: { x: 0, y: 0, width: 400, height: 500 }, score: 0.9, relativeSize: 1 }],
    box: { x: 0, y: 0, width: 400, height: 500 },
    eyes: null,
    measures: { ...unknownMeasures(), sharpness: 0.4, yaw: 1, pitch: 1, roll: 1, brightness: 0.5, contrast: 0.2 },
    ms: 1,
  };
  const [one] = face.faces;

  it('passes a good face, and one of which nothing is known', () => {
    expect(predict(face)).toBeNull();
    expect(predict({ ...face, measures: unknownMeasures() })).toBeNull();
  });

  it('tells no face from several', () => {
    expect(predict({ ...face, faces: [], box: null })?.code).toBe(101070);
    expect(predict({ ...face, faces: one ? [one, one] : [] })?.code).toBe(101104);
  });

  it.each<[number, Partial<Inspection['measures']>]>([
    [101050, { sharpness: 0.0001 }],
    [101052, { pitch: -40 }],
    [101053, { yaw: 40 }],
    [101054, { roll: -40 }],
    [101055, { brightness: 0.05 }],
    [101055, { brightness: 0.95 }],
    [101056, { contrast: 0.45 }],
    [101101, { occlusion: 0.6 }],
    [101101, { mouthNoseVisible: 0 }],
    [101101, { eyesVisible: 0 }],
    [101070, { confidence: 0.5, yaw: 60 }],
    [101050, { sharpness: 0, yaw: 60, brightness: 0 }],
    [101052, { pitch: 40, yaw: 60, brightness: 0 }],
    [101055, { brightness: 0, contrast: 0.45, occlusion: 1 }],
  ])('says %i', (code, measures) => {
    expect(predict({ ...face, measures: { ...face.measures, ...measures } })?.code).toBe(code);
  });

  it('says 101051 of a small face', () => {
    expect(predict({ ...face, box: { x: 0, y: 0, width: 40, height: 50 } })?.code).toBe(101051);
  });
});
