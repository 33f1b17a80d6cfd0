import { RETENTION_DEFAULTS, type RetentionSettings } from '#shared/calls/site';
import type { Delivery } from '#shared/delivery';
import type { Fault } from '#shared/fault';

const DAY_MS = 24 * 60 * 60_000;

/** How long what is no longer needed is kept. Milliseconds. */
export interface Retention {
  /** A photo, after the last platform has it. */
  deliveredMs: number;
  /** A photo, after somebody gave a delivery up: a while, so that a mistaken stop can be taken back. */
  abandonedMs: number;
  /** A photo whose enrolment a platform refused, or that waits for an answer nobody gives. */
  failedMs: number;
  /** An enrolment and its receipts, after the last thing that happened with them; null keeps them. */
  receiptsMs: number | null;
  /** A visit, after it is over; null keeps it. */
  visitsMs: number | null;
}

/** The setting of a site (configuration, `retention`), in days. */
export interface RetentionDays {
  deliveredPhotosDays?: number | undefined;
  failedPhotosDays?: number | undefined;
  receiptsDays?: number | null | undefined;
  visitsDays?: number | null | undefined;
}

/** The desk's times with those of the configuration laid over them, in days. */
export function keptDays(desk: RetentionSettings, config: RetentionDays | undefined): RetentionSettings {
  return {
    deliveredPhotosDays: config?.deliveredPhotosDays ?? desk.deliveredPhotosDays,
    failedPhotosDays: config?.failedPhotosDays ?? desk.failedPhotosDays,
    receiptsDays: config?.receiptsDays === undefined ? desk.receiptsDays : config.receiptsDays,
    visitsDays: config?.visitsDays === undefined ? desk.visitsDays : config.visitsDays,
  };
}

export function retentionOf(days: RetentionDays | undefined): Retention {
  const {
    deliveredPhotosDays,
    failedPhotosDays,
    receiptsDays: receipts,
    visitsDays: visits,
  } = keptDays(RETENTION_DEFAULTS, days);
  const failedMs = failedPhotosDays * DAY_MS;
  return {
    deliveredMs: deliveredPhotosDays * DAY_MS,
    abandonedMs: Math.min(DAY_MS, failedMs),
    failedMs,
    receiptsMs: receipts === null ? null : receipts * DAY_MS,
    visitsMs: visits === null ? null : visits * DAY_MS,
  };
}

export const RETENTION: Retention = retentionOf(undefined);

/** Why an older enrolment is no longer delivered. */
export const SUPERSEDED: Fault = {
  kind: 'validation',
  code: 'superseded',
  message: 'a newer enrolment of the same person took its place',
};

/** Why a delivery was given up: its person was removed, so nothing of them is kept for a change of mind. */
export const REMOVED: Fault = { kind: 'validation', code: 'removed', message: 'the person was removed' };

const FOR_GOOD: ReadonlySet<string> = new Set([SUPERSEDED.code, REMOVED.code]);

/**
 * When an enrolment's photo is to be deleted, ms since the epoch; null as long as a delivery will still need it. One that is on its
 * way is never too old; one that waits for somebody is kept for a time, and after that needs a new photo.
 */
export function photoExpiry(
  deliveries: readonly (Pick<Delivery, 'state' | 'error' | 'updatedAt'> & { deliveredAt?: number | null })[],
  retention: Retention = RETENTION,
): number | null {
  let expiry = 0;
  for (const { state, error, updatedAt, deliveredAt } of deliveries) {
    const keepFor = lifetime(state, error, retention);
    if (keepFor === null) return null;
    expiry = Math.max(expiry, (deliveredAt ?? updatedAt) + keepFor);
  }
  return expiry;
}

function lifetime(state: Delivery['state'], error: Fault | null, retention: Retention): number | null {
  switch (state) {
    case 'delivered':
    case 'verified':
      return retention.deliveredMs;
    case 'abandoned':
      return error !== null && FOR_GOOD.has(error.code) ? retention.deliveredMs : retention.abandonedMs;
    case 'refused':
    case 'asking':
      return retention.failedMs;
    default:
      return null;
  }
}
