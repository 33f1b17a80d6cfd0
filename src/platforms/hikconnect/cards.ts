import { type Fault, FaultError } from '#shared/fault';
import type { HikConnectClient } from './client.ts';
import { faultOf } from './faults.ts';
import type { CardFields, Failed, Kept } from './wire.ts';

/** 5.8.9, 5.8.11: two cards and two fingerprints a person. */
export const MOST_KEPT = 2;

/** The first failure inside a success as a fault; null when all were taken. */
export function failedInside(failures: readonly Failed[]): FaultError | null {
  const code = failures.map(({ errorCode }) => errorCode).find((value) => value && value !== '0');
  return code ? faultOf(code, '') : null;
}

/**
 * The list that keeps a person's cards and has this one too; null when it is there already. Throws `capacity` where there is no room: a card
 * that was not named is never thrown out for one that was.
 */
export function withCard(kept: Kept, cardNo: string): CardFields[] | null {
  if (kept.cards.some((card) => card.cardNo === cardNo)) return null;
  if (kept.cards.length >= MOST_KEPT) throw faultOf('CCF038032', '');
  return [...kept.cards.map(({ id, cardNo: number }) => ({ id, cardNo: number })), { cardNo }];
}

/**
 * Adds a card to those the person has: the list is read and sent again whole, because 5.8.11 replaces it. Resolves with the fault when the platform
 * refuses the card itself, so that the face may stand; rejects for everything that may pass later.
 */
export async function giveCard(
  client: HikConnectClient,
  personId: string,
  cardNo: string,
  signal: AbortSignal,
): Promise<Fault | null> {
  try {
    const kept = await client.getKept(personId, signal);
    if (kept === null) throw faultOf('CCF038023', '');
    const cards = withCard(kept, cardNo);
    if (cards === null) return null;
    const fault = failedInside(await client.replaceCards(personId, cards, signal));
    if (fault) throw fault;
    return null;
  } catch (error) {
    if (error instanceof FaultError && (error.fault.kind === 'validation' || error.fault.kind === 'capacity'))
      return error.fault;
    throw error;
  }
}
