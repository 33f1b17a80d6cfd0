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
  'delivery.faces',
  'outbox.platforms',
  'outbox.held',
  'people.find',
  'people.get',
  'people.enrol',
  'people.verify',
  'people.remove',
  'people.export',
  'vault.status',
  'vault.set',
  'vault.clear',
  'vault.test',
  'pin.status',
  'pin.set',
  'pin.check',
  'audit.status',
  'audit.export',
  'operators.status',
  'operators.signIn',
  'operators.signOut',
  'operators.active',
  'operators.approve',
  'operators.add',
  'operators.setRole',
  'operators.changePin',
  'operators.resetPin',
  'operators.remove',
  'kiosk.enter',
  'kiosk.leave',
] as const;
export type CallName = (typeof CALLS)[number];

export const EVENTS = ['delivery.changed', 'settings.changed', 'operators.changed'] as const;
export type EventName = (typeof EVENTS)[number];
