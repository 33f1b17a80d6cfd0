import { type Delivery, isSuccess } from '#shared/delivery';

/** Where an enrolment as a whole is. */
export interface Summary {
  phase: 'working' | 'done' | 'waiting' | 'attention';
  total: number;
  done: number;
  /** Deliveries that need a person at the desk. */
  attention: number;
}

/** `working` while anything moves; then what needs somebody outranks what waits by itself. */
export function summarise(deliveries: readonly Pick<Delivery, 'state'>[]): Summary {
  const total = deliveries.length;
  const done = deliveries.filter((delivery) => isSuccess(delivery.state)).length;
  const attention = deliveries.filter(
    ({ state }) => state === 'asking' || state === 'refused' || state === 'abandoned',
  );
  const moving = deliveries.some(({ state }) => state === 'queued' || state === 'running');
  const phase = moving ? 'working' : done === total ? 'done' : attention.length > 0 ? 'attention' : 'waiting';
  return { phase, total, done, attention: attention.length };
}
