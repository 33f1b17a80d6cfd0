import type { Verification } from '#platforms/contract';
import type { DoorState } from '#shared/delivery';
import type { Fault } from '#shared/fault';

/** Pure decisions about looking, after a delivery, whether the platform really has what it took. */

export const LOOKS = {
  /** Rest between a delivery and the first look: some platforms tell of somebody new a moment later. */
  firstMs: 1_000,
  /** The second look comes after about this long, each later one after twice as long. */
  baseMs: 5_000,
  /** No two looks are further apart. */
  capMs: 15 * 60_000,
  /** How long after the delivery somebody still looks. */
  untilMs: 24 * 60 * 60_000,
  /** Looks at somebody no door is meant for: that is a matter of configuration and seldom changes by itself. */
  noDoorLooks: 5,
  /** A look that did not end within this time was cut off, and is due again. */
  leaseMs: 60_000,
} as const;

/** The platform took the person, but does not show them. */
export const MISSING: Fault = {
  kind: 'protocol',
  code: 'missing',
  message: 'the platform accepted the person but does not show them: look there, and enrol again if they are gone',
};
/** The platform shows the person without a photo. */
export const NO_PHOTO: Fault = {
  kind: 'protocol',
  code: 'no-photo',
  message: 'the platform shows the person without a photo: enrol again with a photo',
};

/** Everything is there: only then a delivery counts as verified. `null` means the platform does not tell, which is no objection. */
export function isWhole({ person, photo, access }: Verification): boolean {
  return person && photo !== false && (access === 'applied' || access === null);
}

/** Milliseconds until the next look: doubling, capped, spread by a tenth to either side. */
export function nextLookMs(looks: number, random: number): number {
  const wait = Math.min(LOOKS.capMs, LOOKS.baseMs * 2 ** Math.min(Math.max(0, looks - 1), 30));
  return Math.round(wait * (0.9 + random * 0.2));
}

export interface Look {
  /** What the platform told; null when it could not be asked. */
  found: Verification | null;
  /** Looks so far, this one included. */
  looks: number;
  /** What was known before. */
  door: DoorState | null;
  error: Fault | null;
  deliveredAt: number | null;
  now: number;
  random: number;
}

export interface Seen {
  state: 'delivered' | 'verified';
  door: DoorState | null;
  error: Fault | null;
  nextCheckAt: number | null;
}

/**
 * What a look says of a delivered delivery. It stays delivered whatever the look finds: the receipt is the platform's own word. A look
 * that could not be made changes nothing but the time of the next.
 */
export function afterLook({ found, looks, door, error, deliveredAt, now, random }: Look): Seen {
  if (found !== null && isWhole(found))
    return { state: 'verified', door: found.access, error: null, nextCheckAt: null };
  const age = deliveredAt === null ? 0 : now - deliveredAt;
  const enough = age >= LOOKS.untilMs || (found?.person && found.access === 'none' && looks >= LOOKS.noDoorLooks);
  const nextCheckAt = enough ? null : now + nextLookMs(looks, random);
  if (found === null) return { state: 'delivered', door, error, nextCheckAt };
  const wrong = !found.person ? MISSING : found.photo === false ? NO_PHOTO : null;
  return { state: 'delivered', door: found.person ? found.access : null, error: wrong, nextCheckAt };
}
