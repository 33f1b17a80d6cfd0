import { describe, expect, it } from 'vitest';
import { accountFor, digestOf, type Found, isClean, type Receipt } from '#main/cli/bench/faults/account';
import { seeded } from '#main/cli/bench/faults/dice';

/** The fault bench can only be believed when it sees what it is there to see. */

const photo = Buffer.alloc(2_000, 1);
const there = (key: string, more: Partial<Found> = {}): Found => ({ key, id: `id-${key}`, photo, ...more });
const receipt = (code: string, more: Partial<Receipt> = {}): Receipt => ({
  code,
  platform: 'gate',
  state: 'delivered',
  personId: `id-${code}`,
  ...more,
});
const NONE = { lost: 0, twice: 0, withoutPhoto: 0, falseReceipts: 0, strangers: 0, outdated: 0 };

describe('the account of a fault bench', () => {
  it('is clean when everybody is there once, with a photo, under the id of the receipt', () => {
    const account = accountFor(['A', 'B'], [receipt('A'), receipt('B', { state: 'verified' })], {
      gate: [there('A'), there('B')],
    });
    expect(account).toEqual(NONE);
    expect(isClean(account)).toBe(true);
  });

  it.each([
    ['is not on the platform', [receipt('A')], [], { lost: 1, falseReceipts: 1 }],
    ['is there, and the station does not say so', [], [there('A')], { lost: 1 }],
    ['was refused in the end', [receipt('A', { state: 'refused' })], [there('A')], { lost: 1 }],
    ['is there twice', [receipt('A')], [there('A'), there('A', { id: 'other' })], { twice: 1 }],
    ['has no photo', [receipt('A')], [there('A', { photo: null })], { withoutPhoto: 1 }],
    ['has a torn photo', [receipt('A')], [there('A', { photo: Buffer.alloc(10) })], { withoutPhoto: 1 }],
    ['has a receipt with another’s id', [receipt('A', { personId: 'x' })], [there('A')], { falseReceipts: 1 }],
    ['is not alone: a stranger is there', [receipt('A')], [there('A'), there('Z')], { strangers: 1 }],
  ])('counts who %s', (_what, receipts, gate, wrong) => {
    const account = accountFor(['A'], receipts, { gate });
    expect(account).toEqual({ ...NONE, ...wrong });
    expect(isClean(account)).toBe(false);
  });

  it('counts an old photo that was to be replaced', () => {
    const before = new Map([['A gate', digestOf(photo) ?? '']]);
    expect(accountFor(['A'], [receipt('A')], { gate: [there('A')] }, before)).toEqual({ ...NONE, outdated: 1 });
    const replaced = there('A', { photo: Buffer.alloc(2_000, 2) });
    expect(accountFor(['A'], [receipt('A')], { gate: [replaced] }, before)).toEqual(NONE);
  });
});

describe('the dice of a fault bench', () => {
  it('fall the same for the same seed, and otherwise for another', () => {
    const three = (seed: number) => Array.from({ length: 3 }, seeded(seed));
    expect(three(7)).toEqual(three(7));
    expect(three(7)).not.toEqual(three(8));
    expect(three(7).every((value) => value >= 0 && value < 1)).toBe(true);
  });
});
