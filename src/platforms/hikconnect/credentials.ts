import { z } from 'zod';
import { FaultError } from '#shared/fault';
import { checkedId } from '../core/fields.ts';
import type { Credentials } from '../site-contract.ts';
import { failedInside, MOST_KEPT, withCard } from './cards.ts';
import type { HikConnectClient } from './client.ts';
import { faultOf } from './faults.ts';
import type { Directory } from './lookup.ts';
import type { Call } from './session.ts';
import type { Turns } from './turns.ts';
import type { Failed, FingerFields, Kept } from './wire.ts';

const COLLECT = '/api/hccgw/person/v1/persons';
/** 5.8.10 */
const collectedCard = z.object({ cardNo: z.string().min(1) });
/** 5.8.8 */
const collectedFinger = z.object({ fingerData: z.string().min(1), fingerQuality: z.coerce.number().nullish() });

/** A serial number as devices bear them: letters, digits, and now and then `-` or `_`. */
const serial = (device: string): string => checkedId(device, /^[\w-]{1,64}$/, 'device');

const refused = (field: string, message: string) =>
  new FaultError({ kind: 'validation', code: 'field', field, message });

function throwInside(failures: readonly Failed[]): void {
  const fault = failedInside(failures);
  if (fault) throw fault;
}

/** What is kept of the fingers, to be sent again whole. Data that did not come back cannot be sent, so nothing is changed then. */
function keptFingers(kept: Kept): FingerFields[] {
  return kept.fingers.map(({ id, name, data }) => {
    if (name && data) return { id, name, data };
    throw new FaultError({
      kind: 'protocol',
      code: 'finger-data',
      message:
        'the platform does not give back a kept fingerprint, which a change would therefore delete: nothing was sent',
    });
  });
}

/**
 * PIN, cards and fingerprints (4.12). 5.8.9 and 5.8.11 replace the whole list: each change reads what is kept, one at a time for a person, and
 * sends it again with the change made.
 */
export function createCredentials(room: {
  client: HikConnectClient;
  directory: Directory;
  call: Call;
  turns: Turns;
}): Credentials {
  const { client, directory, call, turns } = room;

  /** Runs a change on what somebody has; false when nobody has the code. */
  const change = async (
    code: string,
    signal: AbortSignal,
    run: (personId: string, kept: Kept) => Promise<void>,
  ): Promise<boolean> => {
    const person = await directory.find(code, signal);
    if (person === null) return false;
    const { personId } = person;
    return turns(personId, async () => {
      const kept = await client.getKept(personId, signal);
      if (kept === null) return false;
      await run(personId, kept);
      return true;
    });
  };
  const read = async (code: string, signal: AbortSignal): Promise<Kept | null> => {
    const person = await directory.find(code, signal);
    return person && client.getKept(person.personId, signal);
  };

  return {
    async setPin(code, pin, signal) {
      if (pin !== null && !/^\d{4,8}$/.test(pin)) throw refused('pin', 'a PIN has 4 to 8 digits');
      return change(code, signal, (personId) => client.updatePin(personId, pin, signal));
    },
    cards: async (code, signal) => (await read(code, signal))?.cards.map(({ cardNo }) => cardNo) ?? null,
    async addCard(code, card, signal) {
      if (!/^[A-Za-z0-9]{1,20}$/.test(card)) throw refused('card', 'a card number has 1 to 20 digits or letters');
      return change(code, signal, async (personId, kept) => {
        const cards = withCard(kept, card);
        if (cards) throwInside(await client.replaceCards(personId, cards, signal));
      });
    },
    removeCard: (code, card, signal) =>
      change(code, signal, async (personId, kept) => {
        const left = kept.cards.filter(({ cardNo }) => cardNo !== card);
        if (left.length < kept.cards.length) throwInside(await client.replaceCards(personId, left, signal));
      }),
    async collectCard(device, signal) {
      return (await call(`${COLLECT}/cardcollect`, { deviceSerial: serial(device) }, collectedCard, signal)).cardNo;
    },
    fingers: async (code, signal) =>
      (await read(code, signal))?.fingers.map(({ id, name }) => ({ id, name: name ?? '' })) ?? null,
    async addFinger(code, finger, signal) {
      if (finger.name.length < 1 || finger.name.length > 32)
        throw refused('name', 'a finger’s name has 1 to 32 characters');
      if (!/^[0-9A-Fa-f]{1,1024}$/.test(finger.data))
        throw refused('data', 'a fingerprint is hexadecimal, at most 1,024 digits, as a device collected it');
      return change(code, signal, async (personId, kept) => {
        if (kept.fingers.some(({ data }) => data === finger.data)) return;
        if (kept.fingers.length >= MOST_KEPT) throw faultOf('CCF038039', '');
        throwInside(await client.replaceFingers(personId, [...keptFingers(kept), finger], signal));
      });
    },
    removeFinger: (code, id, signal) =>
      change(code, signal, async (personId, kept) => {
        const left = keptFingers(kept).filter((finger) => finger.id !== id);
        if (left.length < kept.fingers.length) throwInside(await client.replaceFingers(personId, left, signal));
      }),
    async collectFinger(device, signal) {
      const { fingerData, fingerQuality } = await call(
        `${COLLECT}/fingercollect`,
        { deviceSerial: serial(device) },
        collectedFinger,
        signal,
      );
      return { data: fingerData, quality: fingerQuality ?? null };
    },
  };
}
