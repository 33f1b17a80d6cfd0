import type { DeliveryRecord, Journal } from '../journal/index.ts';
import type { Platforms } from '../platforms.ts';
import { type Answer, disagreementOf } from './agreement.ts';

/**
 * Compares what a platform said of a delivery's picture with what was foretold of it, and writes down how that came out. Belongs in the
 * transaction of the state it brought. The same answer to the same delivery counts once; what nothing was foretold of is passed over.
 */
export function hear(
  { journal, platforms, now }: { journal: Journal; platforms: Pick<Platforms, 'get'>; now(): number },
  delivery: Pick<DeliveryRecord, 'id' | 'enrolment' | 'platform'>,
  answer: Answer,
): void {
  const expected = journal.agreements.expected(delivery.id, answer);
  if (expected === null) return;
  const { kind, definition } = platforms.get(delivery.platform);
  const look = journal.inspections.find(delivery.enrolment);
  const concerns = (code: string) => definition.concerns?.(code, expected.live) ?? [];
  const disagreement = disagreementOf(expected, answer, look, concerns);
  journal.agreements.hear({ delivery: delivery.id, platform: delivery.platform, kind }, answer, disagreement, now());
}
