import { describe, expect, it } from 'vitest';
import type { GatePass } from '#shared/gates';
import { formatGateTime, formatScore } from '../../../src/renderer/lib/format.ts';
import { withPass } from '../../../src/renderer/lib/passes.ts';

const pass = (id: string, at: number, proof = false): GatePass => ({
  id,
  platform: 'gate',
  gate: 'Main gate',
  at,
  outcome: 'recognised',
  method: 'face',
  similarity: 0.96,
  person: null,
  proof,
});

describe('the list of passes', () => {
  it('is newest first whenever a pass is told, and tells none twice', () => {
    const list = [pass('c', 30), pass('a', 10)];
    expect(withPass(list, pass('d', 40)).map(({ id }) => id)).toEqual(['d', 'c', 'a']);
    expect(withPass(list, pass('b', 20)).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    expect(withPass(list, pass('z', 1)).map(({ id }) => id)).toEqual(['c', 'a', 'z']);
    const proven = withPass(list, pass('c', 30, true));
    expect(proven.map(({ id, proof }) => `${id} ${proof}`)).toEqual(['c true', 'a false']);
  });

  it('does not grow for ever', () => {
    const many = Array.from({ length: 400 }, (_, n) => n).reduce<GatePass[]>(
      (all, n) => withPass(all, pass(`p${n}`, n)),
      [],
    );
    expect(many).toHaveLength(300);
    expect(many[0]?.id).toBe('p399');
  });
});

describe('times and scores at a gate', () => {
  it('are those of the systems’ records: 24 hours, whole per cent', () => {
    const at = new Date(2026, 10, 23, 20, 41, 5).getTime();
    expect(formatGateTime(at, at, 'en')).toBe('20:41');
    expect(formatGateTime(at, at, 'zh-CN', true)).toBe('20:41:05');
    expect(formatGateTime(at, at + 86_400_000, 'en')).toContain('Nov 23, 2026');
    expect(formatScore(0.96, 'en')).toBe('96%');
    expect(formatScore(0.57, 'en')).toBe('57%');
  });
});
