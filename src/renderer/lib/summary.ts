import { isSuccess } from '#shared/delivery';
import { lookOf, needsSomebody, type Told } from './delivery-look.ts';

/** Where an enrolment as a whole is. */
export interface Summary {
  phase: 'working' | 'done' | 'waiting' | 'attention';
  total: number;
  done: number;
  /** Deliveries that need a person at the desk. */
  attention: number;
  /** Accepted ones whose doors do not have the person yet. */
  doorPending: number;
}

/**
 * `working` while anything moves; then what needs somebody outranks what waits by itself, and what only waits its turn: behind a system that is
 * left alone that may take minutes.
 */
export function summarise(deliveries: readonly Told[]): Summary {
  const total = deliveries.length;
  const done = deliveries.filter((delivery) => isSuccess(delivery.state)).length;
  const attention = deliveries.filter(needsSomebody).length;
  const doorPending = deliveries.filter((delivery) => lookOf(delivery) === 'door-pending').length;
  const running = deliveries.some(({ state }) => state === 'running');
  const moving = running || (attention === 0 && deliveries.some(({ state }) => state === 'queued'));
  const phase = moving ? 'working' : attention > 0 ? 'attention' : done === total ? 'done' : 'waiting';
  return { phase, total, done, attention, doorPending };
}
