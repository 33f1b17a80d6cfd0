import { beforeAll, describe, expect, it } from 'vitest';
import { FAULT_KINDS } from '#shared/fault';
import { type I18n, lookUp, startI18n } from '../../../src/renderer/i18n/index.ts';
import { lookOf, needsSomebody } from '../../../src/renderer/lib/delivery-look.ts';
import { faultOf } from '../../../src/renderer/lib/fault.ts';
import { codeMeaning, faultWords } from '../../../src/renderer/lib/fault-words.ts';
import { formatDuration, formatList, formatWhen } from '../../../src/renderer/lib/format.ts';
import { adviceForPhoto } from '../../../src/renderer/lib/reasons.ts';
import { fileNamePart } from '../../../src/renderer/lib/save-text.ts';
import { summarise } from '../../../src/renderer/lib/summary.ts';

let i18n: I18n;
beforeAll(async () => {
  i18n = await startI18n('en');
});

describe('faultWords', () => {
  it('speaks by kind, in the language of the moment', async () => {
    const fault = { kind: 'auth' as const, code: '10002', message: 'sign error' };
    expect(faultWords(i18n, fault, null).title).toBe('Does not accept our key');
    expect(faultWords(await startI18n('zh-CN'), fault, null).title).toBe('不接受我们的密钥');
    await startI18n('en');
  });

  it('prefers the words of a code that has its own', () => {
    const words = faultWords(i18n, { kind: 'unreachable', code: 'tls', message: '' }, null);
    expect(words.title).toBe('Its certificate is not trusted');
  });

  it('never shows a key instead of words', () => {
    for (const kind of FAULT_KINDS) {
      const { title, help } = faultWords(i18n, { kind, code: 'anything', message: '' }, 'hcp');
      expect(`${title} ${help}`).not.toMatch(/fault[:.]/);
    }
  });

  it('knows what a platform means by its code, and only that platform', () => {
    expect(codeMeaning(i18n, 'senselink', 10404)).toBe('the light is not right');
    expect(codeMeaning(i18n, 'device', '30004')).toBe('the file cannot be used');
    expect(codeMeaning(i18n, 'senselink', '40001')).toBeNull();
    expect(codeMeaning(i18n, 'constructor', 'name')).toBeNull();
  });
});

describe('a code that means two things', () => {
  it('is told apart by the kind of fault', () => {
    const words = (kind: 'capacity' | 'server') => faultWords(i18n, { kind, code: '5', message: '' }, 'hcp').meaning;
    expect(words('capacity')).toBe('its picture store is full');
    expect(words('server')).toBe('its database failed');
  });
});

describe('lookUp', () => {
  it('does not take a branch for a text', () => {
    expect(lookUp(i18n, 'fault', ['auth'])).toBeNull();
    expect(lookUp(i18n, 'fault', ['auth', 'title'])).toBe('Does not accept our key');
  });
});

describe('faultOf', () => {
  it('takes the fault of a call and keeps every other message out', () => {
    const fault = { kind: 'rate', code: '1', message: 'm' };
    expect(faultOf(Object.assign(new Error('x'), { fault }))).toBe(fault);
    expect(faultOf(new TypeError('Anna Lim is not iterable'))).toEqual({
      kind: 'protocol',
      code: 'screen',
      message: 'an unexpected error in the screen',
    });
  });
});

describe('adviceForPhoto', () => {
  const reason = (measure: string, value: number | null) => ({ measure, value, limit: { min: 0.5 } });
  it('orders what to do, and leaves out what it does not know', () => {
    expect(adviceForPhoto([reason('sharpness', 0), reason('faceSize', 0.1), reason('beauty', 0)])).toEqual([
      'come-closer',
      'hold-still',
    ]);
  });
  it('says nothing more when there is nobody, or a crowd', () => {
    expect(adviceForPhoto([{ measure: 'faces', value: 2, limit: { min: 1, max: 1 } }, reason('sharpness', 0)])).toEqual(
      ['one-person'],
    );
  });
});

describe('summarise', () => {
  const of = (...states: Parameters<typeof summarise>[0][number]['state'][]) =>
    summarise(states.map((state) => ({ state })));
  it('works while anything moves', () => {
    expect(of('delivered', 'running', 'refused').phase).toBe('working');
    expect(of('delivered', 'queued').phase).toBe('working');
    // A question does not wait until a system that is left alone has had its turn.
    expect(of('delivered', 'queued', 'asking').phase).toBe('attention');
  });
  it('is done only when every platform has it', () => {
    expect(of('delivered', 'verified')).toEqual({ phase: 'done', total: 2, done: 2, attention: 0, doorPending: 0 });
    expect(of('delivered', 'waiting').phase).toBe('waiting');
  });
  it('puts what needs somebody before what waits', () => {
    expect(of('delivered', 'waiting', 'asking', 'refused', 'abandoned')).toMatchObject({
      phase: 'attention',
      done: 1,
      attention: 3,
    });
  });
});

describe('what a later look found', () => {
  it.each([
    [{ state: 'delivered', door: 'pending' }, 'door-pending', false],
    [{ state: 'delivered', door: 'failed' }, 'door-failed', true],
    [{ state: 'delivered', door: 'none' }, 'no-door', false],
    [{ state: 'delivered', door: null }, 'delivered', false],
    [{ state: 'verified', door: 'applied' }, 'verified', false],
    [{ state: 'delivered', error: { kind: 'protocol', code: 'missing', message: '' } }, 'not-seen', true],
    [{ state: 'waiting', error: { kind: 'unreachable', code: 'x', message: '' } }, 'waiting', false],
  ] as const)('%j looks like %s', (told, look, somebody) => {
    expect(lookOf(told)).toBe(look);
    expect(needsSomebody(told)).toBe(somebody);
  });

  it('keeps an enrolment from being called done when a door refused', () => {
    expect(summarise([{ state: 'verified' }, { state: 'delivered', door: 'failed' }]).phase).toBe('attention');
    expect(summarise([{ state: 'verified' }, { state: 'delivered', door: 'pending' }])).toMatchObject({
      phase: 'done',
      doorPending: 1,
    });
  });
});

describe('formats', () => {
  it('tells times in the reader’s language', () => {
    expect(formatDuration(12_000, 'en')).toBe('12 seconds');
    expect(formatDuration(-190_000, 'en')).toBe('3 minutes');
    expect(formatDuration(8 * 3_600_000, 'en')).toBe('8 hours');
    expect(formatDuration(12_000, 'zh-CN')).toMatch(/^12\s?秒/);
  });
  it('joins names', () => {
    expect(formatList(['A', 'B'], 'en')).toBe('A and B');
    expect(formatList(['A', 'B'], 'zh-CN')).toBe('A和B');
  });
  it('gives today’s times without a date', () => {
    const now = new Date(2026, 10, 22, 12).getTime();
    expect(formatWhen(now - 3_600_000, now, 'en')).not.toMatch(/2026/);
    expect(formatWhen(now - 100 * 3_600_000, now, 'en')).toMatch(/2026/);
  });
});

describe('a file’s name', () => {
  it('holds nothing but letters and digits of the code', () => {
    expect(fileNamePart('../TP 01/李')).toBe('_TP_01_李');
    expect(fileNamePart('//')).toBe('_');
  });
});
