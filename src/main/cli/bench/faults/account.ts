import { createHash } from 'node:crypto';
import { type DeliveryState, isSuccess } from '#shared/delivery';

/** What the station says of one person on one platform: the newest delivery there. */
export interface Receipt {
  code: string;
  platform: string;
  state: DeliveryState;
  /** The person's id there, as the platform told it. */
  personId: string | null;
}

/** Somebody on a platform, as the platform itself has it. */
export interface Found {
  /** The station's own key: the code. */
  key: string;
  /** The platform's id. */
  id: string;
  photo: Uint8Array | null;
}

/** What went wrong, counted in deliveries. All zero is what the station promises. */
export interface Account {
  /** The station said it was written down, and the platform does not have the person, or the station no longer says it delivered. */
  lost: number;
  /** More than one person with the same code. */
  twice: number;
  withoutPhoto: number;
  /** Delivered by the station's word, under an id the platform does not have for this person. */
  falseReceipts: number;
  /** On a platform, and the station does not know them. */
  strangers: number;
  /** Enrolled again with another photo, and the platform still has the one before. */
  outdated: number;
}

/** Smaller is no portrait. Bytes. */
const PORTRAIT = 1_000;

export function digestOf(photo: Uint8Array | null): string | null {
  return photo === null ? null : createHash('sha256').update(photo).digest('hex');
}

/**
 * Compares what a station says with what the platforms have (pure).
 * @param codes whoever the station said it had written down
 * @param before digests of photos that were to be replaced, by `code platform`
 */
export function accountFor(
  codes: Iterable<string>,
  receipts: readonly Receipt[],
  people: Readonly<Record<string, readonly Found[]>>,
  before: ReadonlyMap<string, string> = new Map(),
): Account {
  const account: Account = { lost: 0, twice: 0, withoutPhoto: 0, falseReceipts: 0, strangers: 0, outdated: 0 };
  const told = new Map(receipts.map((receipt) => [`${receipt.code} ${receipt.platform}`, receipt]));
  const expected = new Set(codes);
  for (const [platform, there] of Object.entries(people)) {
    const byKey = Map.groupBy(there, ({ key }) => key);
    account.strangers += there.filter(({ key }) => !expected.has(key)).length;
    for (const code of expected) {
      const found = byKey.get(code) ?? [];
      const receipt = told.get(`${code} ${platform}`);
      const delivered = receipt !== undefined && isSuccess(receipt.state);
      if (found.length === 0 || !delivered) account.lost += 1;
      if (found.length > 1) account.twice += 1;
      if (found.some(({ photo }) => photo === null || photo.length < PORTRAIT)) account.withoutPhoto += 1;
      if (delivered && !found.some(({ id }) => id === receipt.personId)) account.falseReceipts += 1;
      const old = before.get(`${code} ${platform}`);
      if (old !== undefined && found.some(({ photo }) => digestOf(photo) === old)) account.outdated += 1;
    }
  }
  return account;
}

export function isClean(account: Account): boolean {
  return Object.values(account).every((count) => count === 0);
}
