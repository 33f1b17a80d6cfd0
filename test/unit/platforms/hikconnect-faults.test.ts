import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accessOf } from '../../../src/platforms/hikconnect/care.ts';
import { quickAddFault } from '../../../src/platforms/hikconnect/enrol.ts';
import { faultOf, isMapped } from '../../../src/platforms/hikconnect/faults.ts';
import {
  dataOf,
  elementDetail,
  envelope,
  levelsAssigned,
  personPage,
  quickAdded,
} from '../../../src/platforms/hikconnect/wire.ts';

const document = join(import.meta.dirname, '../../../../shared/platform-docs/004_5c9da90152112e4b.txt');

describe('Hik-Connect error table (A.4)', () => {
  it.skipIf(!existsSync(document))('maps every code', () => {
    const text = readFileSync(document, 'utf8');
    const appendix = text.slice(text.indexOf('A.4 Status and Error Code'));
    const codes = [...new Set(appendix.match(/\b(?:CCF|EVZ|LAP|VMS|OPEN)\d{5,9}\b|\bTHD_ISAPI_0x[0-9a-fA-F]{8}\b/g))];
    expect(codes.length).toBeGreaterThan(250);
    expect(codes.filter((code) => !isMapped(code))).toEqual([]);
  });

  it.each([
    ['OPEN000001', 'auth'],
    ['OPEN000002', 'auth'],
    ['OPEN300002', 'auth'],
    ['OPEN000010', 'validation'],
    ['CCF038024', 'exists'],
    ['CCF038029', 'capacity'],
    ['CCF038062', 'quality'],
    ['CCF038068', 'quality'],
    ['VMS000009', 'rate'],
    ['VMS001001', 'server'],
    ['THD_ISAPI_0x60000035', 'quality'],
    ['THD_ISAPI_0x6000003D', 'quality'],
    ['THD_ISAPI_0x6000603b', 'quality'],
    ['XYZ123', 'protocol'],
    ['constructor', 'protocol'],
  ])('%s is %s', (code, kind) => {
    expect(faultOf(code, 'words').fault).toMatchObject({ kind, code });
  });

  it('quotes the platform for unknown codes alone', () => {
    expect(faultOf('XYZ123', 'strange words').fault.message).toContain('strange words');
    expect(faultOf('CCF038020', 'phone 81234567').fault.message).not.toContain('81234567');
  });
});

describe('failures inside a success (tables 5-78, 5-79)', () => {
  const read = (data: unknown) => quickAddFault(quickAdded.parse({ personId: 1, ...(data as object) }))?.fault;

  it('is no fault where nothing failed', () => {
    expect(read({})).toBeUndefined();
    expect(
      read({ photoFailed: null, accessLevelFailed: { errorCode: '0', personAccessLevelFailedList: [] } }),
    ).toBeUndefined();
    expect(read({ photoFailed: { errorCode: '0' } })).toBeUndefined();
  });

  it('is a fault when the picture was refused', () => {
    expect(read({ photoFailed: { errorCode: 'CCF038062', message: 'x' } })).toMatchObject({
      kind: 'quality',
      code: 'CCF038062',
    });
  });

  it('is a fault when one level failed under code 0, and when all did', () => {
    const one = { errorCode: '0', personAccessLevelFailedList: [{ accessLevelId: 5, errorCode: 'VMS040016' }] };
    expect(read({ accessLevelFailed: one })).toMatchObject({ code: 'VMS040016', field: 'accessLevelIds' });
    const nameless = { errorCode: '0', personAccessLevelFailedList: [{ accessLevelId: 5 }] };
    expect(read({ accessLevelFailed: nameless })).toMatchObject({ kind: 'validation', field: 'accessLevelIds' });
    expect(read({ accessLevelFailed: { errorCode: 'CCF038007', message: 3 } })).toMatchObject({ code: 'CCF038007' });
  });

  it('is read wherever the document puts it', () => {
    const failed = [{ accessLevelId: '5', errorCode: 'VMS040016' }];
    const read = (whole: unknown) => dataOf(levelsAssigned).parse(whole).length;
    expect(read({ errorCode: '0' })).toBe(0);
    expect(read({ data: { accessLevelFailed: failed } })).toBe(1);
    expect(read({ Data: [{ accessLevelFailed: failed }] })).toBe(1);
  });
});

describe('answers as the document’s tables and examples have them', () => {
  it('reads the message under each of its names', () => {
    expect(envelope.parse({ errorCode: 0, errorMsg: 'a' })).toEqual({ code: '0', message: 'a' });
    expect(envelope.parse({ errorCode: 'X', Message: 'b' })).toEqual({ code: 'X', message: 'b' });
  });

  it.each<[string, unknown, number]>([
    ['nothing', undefined, 0],
    ['an empty object', {}, 0],
    ['an array', [{ personInfo: { personId: '1' } }], 1],
    ['one entry', { personInfo: { personId: 1 }, cardList: [] }, 1],
    ['a named list', { totalNum: 1, personList: [{ personInfo: { personId: '1' } }] }, 1],
    ['a flat list', { list: [{ personId: '1', personCode: 'A' }, { personId: '2' }] }, 2],
  ])('reads persons/list as %s', (_what, data, people) => {
    expect(personPage.parse(data).list).toHaveLength(people);
  });
});

describe('doors (A.3.89–90)', () => {
  const door = (status: number, face?: { status: number; errorCode: string }) => ({
    name: 'Door 1',
    elementStatus: { status, errorCode: '' },
    certificateStatusList: face ? [{ ...face, type: 2 }] : [],
  });
  const access = (...elements: unknown[]) => accessOf(elementDetail.parse({ elementDetailList: elements }));

  it('are none, applied, pending or failed', () => {
    expect(access().access).toBe('none');
    expect(access(door(0), door(0)).access).toBe('applied');
    expect(access(door(0), door(1)).access).toBe('pending');
    expect(access(door(0), door(1), door(2)).access).toBe('failed');
    expect(access(door(3)).access).toBe('failed');
  });

  it('have failed when they refused the face, and say why', () => {
    const { access: state, detail } = access(door(0, { status: 2, errorCode: 'THD_ISAPI_0x60000036' }));
    expect(state).toBe('failed');
    expect(detail).toContain('no face');
    expect(detail).toContain('Door 1');
  });

  it('do not fail a face because a card did not arrive', () => {
    const card = {
      name: 'D',
      elementStatus: { status: 0 },
      certificateStatusList: [{ type: 0, status: 2, errorCode: 'X' }],
    };
    expect(access(card).access).toBe('applied');
  });
});
