import type { Delivery, Question } from '#shared/delivery';

/** What connectors call it when somebody with this very code is there and was not to be touched. */
const THERE: ReadonlySet<string> = new Set(['person', 'user', 'exists']);

/**
 * What a person is to decide about a delivery; null where nothing. A platform's own question, or, where it was refused because the code is there already,
 * whether to bring that person up to date: the station takes that answer too.
 */
export function questionOf({ state, question, error }: Delivery, code: string): Question | null {
  if (state === 'asking') return question;
  if (state !== 'refused' || error?.kind !== 'exists' || !THERE.has(error.code)) return null;
  return { kind: 'exists', candidate: { code }, canForce: true };
}
