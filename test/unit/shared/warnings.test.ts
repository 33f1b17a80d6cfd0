import { describe, expect, it } from 'vitest';
import { WARNINGS, warningOf } from '#shared/warnings';

describe('a warning of a platform', () => {
  it('is known again by its words, with what the platform added', () => {
    for (const [code, words] of Object.entries(WARNINGS)) {
      expect(warningOf(words)).toEqual({ code, detail: null });
      expect(warningOf(`${words}: CCF038062: the card is taken`)).toEqual({
        code,
        detail: 'CCF038062: the card is taken',
      });
    }
    expect(warningOf('what another version said')).toBeNull();
  });
});
