import type { Glance } from '#shared/calls/outbox';
import { type Delivery, type DeliveryState, isSuccess } from '#shared/delivery';

/**
 * A delivery's state as a person is told it: an accepted one is told apart by what a later look at the platform found. `door-pending`
 * is accepted but not on the door yet, `no-door` reaches none, `not-seen` is what the platform took but does not show.
 */
export const DELIVERY_LOOKS = [
  'queued',
  'running',
  'waiting',
  'asking',
  'delivered',
  'verified',
  'door-pending',
  'door-failed',
  'no-door',
  'not-seen',
  'refused',
  'abandoned',
] as const;
export type DeliveryLook = (typeof DELIVERY_LOOKS)[number];

/** What of a delivery decides how it looks. */
export type Told = Pick<Delivery, 'state'> & Partial<Pick<Delivery, 'door' | 'error'>>;

export function lookOf({ state, door, error }: Told): DeliveryLook {
  if (!isSuccess(state)) return state;
  if (error) return 'not-seen';
  if (door === 'pending') return 'door-pending';
  if (door === 'failed') return 'door-failed';
  return door === 'none' ? 'no-door' : state;
}

/** Whether somebody at the desk has to do something about it. */
export function needsSomebody(delivery: Told): boolean {
  const look = lookOf(delivery);
  return (
    look === 'asking' || look === 'refused' || look === 'abandoned' || look === 'door-failed' || look === 'not-seen'
  );
}

const COUNTED: Readonly<Record<Glance, readonly DeliveryState[]>> = {
  waiting: ['queued', 'running', 'waiting'],
  asking: ['asking'],
  refused: ['refused'],
  verified: ['verified'],
};

/** Whether it is of a kind that is counted at a glance; null: whether the outbox still holds it, and nobody has said what to do. */
export function isCounted({ state }: Pick<Delivery, 'state'>, only: Glance | null): boolean {
  const kinds = only === null ? (['waiting', 'asking', 'refused'] as const) : [only];
  return kinds.some((kind) => COUNTED[kind].includes(state));
}
