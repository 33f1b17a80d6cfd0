import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultOf, isMapped } from '../../../src/platforms/megvii/faults.ts';

const document = join(import.meta.dirname, '../../../../shared/platform-docs/003_fb6ad30c58b8a520.txt');

describe('Megvii error table', () => {
  it.skipIf(!existsSync(document))('maps every code of chapter 错误码定义', () => {
    const text = readFileSync(document, 'utf8');
    const chapter = text.slice(
      text.lastIndexOf('1.1. 公共错误码'),
      text.indexOf('1.8. 事件业务错误码', text.lastIndexOf('1.1. 公共错误码')) + 200,
    );
    const codes = [...new Set([...chapter.matchAll(/^\s*(1\d{5})\b/gm)].map(([, code]) => Number(code)))];
    expect(codes.length).toBeGreaterThan(200);
    expect(codes.filter((code) => !isMapped(code))).toEqual([]);
  });

  it.each([
    [101050, 'blur'],
    [101051, 'face size'],
    [101052, 'pitch'],
    [101053, 'yaw'],
    [101054, 'roll'],
    [101055, 'brightness'],
    [101056, 'brightness deviation'],
    [101066, 'format'],
    [101070, 'no face'],
    [101082, '10 MB'],
    [101101, 'occlusion'],
    [101104, 'several faces'],
  ])('%i is a matter of quality and says: %s', (code, word) => {
    const { fault } = faultOf(code, '');
    expect(fault.kind).toBe('quality');
    expect(fault.code).toBe(String(code));
    expect(fault.message).toContain(word);
  });

  it('names the field at fault', () => {
    expect(faultOf(101007, '').fault).toMatchObject({ kind: 'validation', field: 'phone' });
    expect(faultOf(101011, '').fault).toMatchObject({ kind: 'exists', field: 'code' });
    expect(faultOf(101069, '').fault).toMatchObject({ kind: 'validation', field: 'visit.host' });
    expect(faultOf(103126, '').fault).toMatchObject({ kind: 'validation', field: 'groupUuids' });
    expect(faultOf(100008, '').fault.kind).toBe('auth');
    expect(faultOf(101067, '').fault.kind).toBe('capacity');
  });

  it('shows an unknown code whole, as protocol, and quotes the platform only then', () => {
    const unknown = faultOf(199999, '新的错误').fault;
    expect(unknown).toMatchObject({ kind: 'protocol', code: '199999' });
    expect(unknown.message).toContain('新的错误');
    expect(faultOf(101007, '手机号 81234567 已存在').fault.message).not.toContain('81234567');
  });
});
