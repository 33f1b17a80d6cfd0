import type { Delivery } from '#shared/delivery';
import type { Fault } from '#shared/fault';

/** How long the photo of an enrolment is kept after nothing needs it any more. Milliseconds. */
export interface Retention {
  /** After the last platform has it. */
  deliveredMs: number;
  /** After somebody gave a delivery up: a while, so that a mistaken stop can be taken back. */
  abandonedMs: number;
}

export const RETENTION: Retention = { deliveredMs: 0, abandonedMs: 24 * 60 * 60_000 };

/** Why an older enrolment is no longer delivered. */
export const SUPERSEDED: Fault = {
  kind: 'validation',
  code: 'superseded',
  message: 'a newer enrolment of the same person took its place',
};

/**
 * When an enrolment's photo is to be deleted, ms since the epoch; null as long as a delivery may still need it. Refused ones
 * need it: they are kept until answered.
 */
export function photoExpiry(
  deliveries: readonly Pick<Delivery, 'state' | 'error' | 'updatedAt'>[],
  retention: Retention = RETENTION,
): number | null {
  let expiry = 0;
  for (const { state, error, updatedAt } of deliveries) {
    if (state === 'delivered' || state === 'verified') expiry = Math.max(expiry, updatedAt + retention.deliveredMs);
    else if (state !== 'abandoned') return null;
    else if (error?.code === SUPERSEDED.code) expiry = Math.max(expiry, updatedAt + retention.deliveredMs);
    else expiry = Math.max(expiry, updatedAt + retention.abandonedMs);
  }
  return expiry;
}
