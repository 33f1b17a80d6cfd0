import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Sessions } from '#main/loopback/sessions';

/** Sessions that are numbered as they begin. */
const keeper = () => {
  let count = 0;
  return new Sessions(randomBytes, () => {
    count += 1;
    return `session ${count}`;
  });
};

describe('Sessions', () => {
  it('trades a token once', () => {
    const sessions = keeper();
    const token = sessions.issue();
    const first = sessions.exchange(token);
    expect(first.ok).toBe(true);
    expect(sessions.get(first.ok ? first.session : '')).toBe('session 1');
    expect(sessions.exchange(token)).toEqual({ ok: false, code: 'link-used' });
  });

  it('knows no tokens but its own, and takes neither for the other', () => {
    const sessions = keeper();
    const token = sessions.issue();
    expect(sessions.exchange(keeper().issue())).toEqual({ ok: false, code: 'link-unknown' });
    expect(sessions.exchange('')).toEqual({ ok: false, code: 'link-unknown' });
    expect(sessions.get(token)).toBeNull();
    expect(sessions.get('')).toBeNull();
    expect(sessions.get(undefined)).toBeNull();
    const bought = sessions.exchange(token);
    expect(sessions.exchange(bought.ok ? bought.session : '').ok).toBe(false);
  });

  it('lets a new link end the one before, not the sessions', () => {
    const sessions = keeper();
    const bought = sessions.exchange(sessions.issue());
    const unused = sessions.issue();
    const fresh = sessions.issue();
    expect(sessions.exchange(unused)).toEqual({ ok: false, code: 'link-used' });
    expect(sessions.exchange(fresh).ok).toBe(true);
    expect(sessions.get(bought.ok ? bought.session : '')).toBe('session 1');
  });

  it('asks for 256 bits, for the token and for the session', () => {
    const asked: number[] = [];
    const sessions = new Sessions(
      (bytes) => {
        asked.push(bytes);
        return randomBytes(bytes);
      },
      () => null,
    );
    sessions.exchange(sessions.issue());
    expect(asked).toEqual([32, 32]);
  });
});
