import type { FastifyInstance } from 'fastify';
import type { LabContext } from '../core/platform.ts';
import { Refusal, type RefusalCode } from './answers.ts';
import { isPinCode, optionalObjectList, optionalText, requiredText } from './fields.ts';
import { existing, fullName } from './people.ts';
import { post } from './routes.ts';
import type { Card, Finger, StoredPerson, TenantState } from './state.ts';

const base = '/api/hccgw/person/v1/persons';

/** PIN, cards and fingerprints (chapters 5.8.9, 5.8.11 and 5.8.12). Lists given replace lists kept. */
export function credentialRoutes(app: FastifyInstance, context: LabContext, tenant: TenantState): void {
  // 5.8.10: a card is laid on the device as soon as it is asked
  post(app, `${base}/cardcollect`, (body) => {
    reader(tenant, body);
    return { cardNo: context.random().replace(/\D/g, '').slice(0, 10).padStart(10, '1') };
  });

  // 5.8.8
  post(app, `${base}/fingercollect`, (body) => {
    reader(tenant, body);
    return { fingerData: context.random().repeat(4), fingerQuality: 92 };
  });

  // 5.8.12: without pinCode the PIN is deleted
  post(app, `${base}/updatepincode`, (body) => {
    const person = existing(tenant, requiredText(body, 'personId'));
    const pinCode = optionalText(body, 'pinCode') ?? '';
    if (pinCode === '') person.pinCode = null;
    else setPinCode(context, tenant, person, pinCode);
    person.sentAt = context.now();
  });

  // 5.8.11: without cardList all cards are deleted
  post(app, `${base}/updatecards`, (body) => {
    const person = existing(tenant, requiredText(body, 'personId'));
    const wanted = optionalObjectList(body, 'cardList') ?? [];
    if (wanted.length > 2) throw new Refusal('CCF038032');
    const kept: Card[] = [];
    const failed: { cardId: string; cardNo: string; errorCode: RefusalCode }[] = [];
    for (const entry of wanted) {
      const id = optionalText(entry, 'id');
      const cardNo = optionalText(entry, 'cardNo') ?? '';
      const errorCode = cardProblem(tenant, person, kept, id, cardNo);
      if (errorCode === null) kept.push({ id: id ?? tenant.nextId(), cardNo });
      else failed.push({ cardId: id ?? '', cardNo, errorCode });
    }
    person.cards = kept;
    person.sentAt = context.now();
    return failed.length === 0 ? undefined : { cardFailed: { ...failureHead(person), cardList: failed } };
  });

  // 5.8.9: without fingerList all fingerprints are deleted
  post(app, `${base}/updatefingers`, (body) => {
    const person = existing(tenant, requiredText(body, 'personId'));
    const wanted = optionalObjectList(body, 'fingerList') ?? [];
    if (wanted.length > 2) throw new Refusal('CCF038039');
    const kept: Finger[] = [];
    const failed: { id: string; failedName: string; errorCode: RefusalCode }[] = [];
    for (const entry of wanted) {
      const id = optionalText(entry, 'id');
      const name = requiredText(entry, 'name');
      const data = requiredText(entry, 'data');
      const errorCode = fingerProblem(tenant, person, kept, { id, name, data });
      if (errorCode === null) kept.push({ id: id ?? tenant.nextId(), name, data });
      else failed.push({ id: id ?? '', failedName: name, errorCode });
    }
    person.fingers = kept;
    person.sentAt = context.now();
    return failed.length === 0 ? undefined : { fingerFailed: { ...failureHead(person), fingerList: failed } };
  });
}

/** A device that reads cards and fingers. @throws Refusal VMS021307. */
function reader(tenant: TenantState, body: Record<string, unknown>): void {
  if (!tenant.readers.has(requiredText(body, 'deviceSerial'))) throw new Refusal('VMS021307');
}

/** @throws Refusal CCF038061 when it is not 4–8 digits, CCF038055 when somebody else has it. */
export function setPinCode(context: LabContext, tenant: TenantState, person: StoredPerson, pinCode: string): void {
  if (!isPinCode(pinCode)) throw new Refusal('CCF038061', 'pinCode');
  for (const other of tenant.people.values())
    if (other.personId !== person.personId && other.pinCode === pinCode) throw new Refusal('CCF038055');
  person.pinCode = pinCode;
  person.sentAt = context.now();
}

function failureHead(person: StoredPerson): { personId: string; personName: string; errorCode: string } {
  return { personId: person.personId, personName: fullName(person), errorCode: '0' };
}

function cardProblem(
  tenant: TenantState,
  person: StoredPerson,
  kept: Card[],
  id: string | null,
  cardNo: string,
): RefusalCode | null {
  if (cardNo === '') return 'CCF038037';
  if (cardNo.length > 20) return 'CCF038036';
  if (!/^[A-Za-z0-9]+$/.test(cardNo)) return 'CCF038038';
  if (id !== null && !person.cards.some((card) => card.id === id)) return 'CCF038035';
  const others = [...tenant.people.values()].filter(({ personId }) => personId !== person.personId);
  const taken = [...kept, ...others.flatMap(({ cards }) => cards)];
  return taken.some((card) => card.cardNo === cardNo) ? 'CCF038034' : null;
}

function fingerProblem(
  tenant: TenantState,
  person: StoredPerson,
  kept: Finger[],
  { id, name, data }: { id: string | null; name: string; data: string },
): RefusalCode | null {
  if (data.length > 1024) return 'CCF038066';
  if (name.length > 32 || !/^[0-9A-Fa-f]+$/.test(data)) return 'CCF038060';
  if (id !== null && !person.fingers.some((finger) => finger.id === id)) return 'CCF038042';
  const others = [...tenant.people.values()].filter(({ personId }) => personId !== person.personId);
  const taken = [...kept, ...others.flatMap(({ fingers }) => fingers)];
  return taken.some((finger) => finger.data === data) ? 'CCF038067' : null;
}
