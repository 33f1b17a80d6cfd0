import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Sessions } from '#main/loopback/sessions';

describe('Sessions', () => {
  it('trades a token once', () => {
    const sessions = new Sessions(randomBytes);
    const token = sessions.issue();
    const first = sessions.exchange(token);
    expect(first.ok).toBe(true);
    expect(sessions.has(first.ok ? first.session : '')).toBe(true);
    expect(sessions.exchange(token)).toEqual({ ok: false, code: 'link-used' });
  });

  it('knows no tokens but its own, and takes neither for the other', () => {
    const sessions = new Sessions(randomBytes);
    const token = sessions.issue();
    expect(sessions.exchange(new Sessions(randomBytes).issue())).toEqual({ ok: false, code: 'link-unknown' });
    expect(sessions.exchange('')).toEqual({ ok: false, code: 'link-unknown' });
    expect(sessions.has(token)).toBe(false);
    expect(sessions.has('')).toBe(false);
    expect(sessions.has(undefined)).toBe(false);
    const bought = sessions.exchange(token);
    expect(sessions.exchange(bought.ok ? bought.session : '').ok).toBe(false);
  });

  it('lets a new link end the one before, not the sessions', () => {
    const sessions = new Sessions(randomBytes);
    const bought = sessions.exchange(sessions.issue());
    const unused = sessions.issue();
    const fresh = sessions.issue();
    expect(sessions.exchange(unused)).toEqual({ ok: false, code: 'link-used' });
    expect(sessions.exchange(fresh).ok).toBe(true);
    expect(sessions.has(bought.ok ? bought.session : '')).toBe(true);
  });

  it('asks for 256 bits, for the token and for the session', () => {
    const asked: number[] = [];
    const sessions = new Sessions((bytes) => {
      asked.push(bytes);
      return randomBytes(bytes);
    });
    sessions.exchange(sessions.issue());
    expect(asked).toEqual([32, 32]);
  });
});
