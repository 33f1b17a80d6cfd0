/**
 * The names of every call and event, apart from their schemas: the preload needs the names alone, and importing zod there would
 * make it a thousand times larger. `contract.ts` is checked against these lists by its type.
 */
export const CALLS = [
  'app.info',
  'settings.get',
  'settings.set',
  'quality.criteria',
  'platforms.list',
  'platforms.test',
  'person.check',
  'photo.submit',
  'photo.discard',
  'enrolment.create',
  'enrolment.get',
  'enrolment.list',
  'delivery.retry',
  'delivery.answer',
] as const;
export type CallName = (typeof CALLS)[number];

export const EVENTS = ['delivery.changed', 'settings.changed'] as const;
export type EventName = (typeof EVENTS)[number];
