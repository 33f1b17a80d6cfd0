import type { FastifyInstance } from 'fastify';
import type { LabContext } from '../core/platform.ts';
import { assignLevels } from './access.ts';
import { Refusal } from './answers.ts';
import { setPinCode } from './credentials.ts';
import {
  integerWithin,
  optionalObject,
  optionalText,
  optionalTextList,
  readBasicInfo,
  requiredText,
} from './fields.ts';
import { checkAgainstOthers, existing, fullName } from './people.ts';
import { photoUrl, setPhoto } from './photos.ts';
import { post } from './routes.ts';
import type { BasicInfo, StoredPerson, TenantState } from './state.ts';

const base = '/api/hccgw/person/v1/persons';

/** How `persons/list` nests its answer. */
export type ListShape = 'document' | 'observed';

/** Adding, changing, removing and looking up persons (chapters 5.8.5, 5.8.6, 5.8.13–5.8.16). */
export function personRoutes(app: FastifyInstance, context: LabContext, tenant: TenantState, shape: ListShape): void {
  // 5.8.5
  post(app, `${base}/add`, (body) => {
    const { personId, info } = addPerson(context, tenant, readBasicInfo(body));
    return { personId, personCode: info.personCode };
  });

  // 5.8.6: personCode must be the person's own, it cannot be edited
  post(app, `${base}/update`, (body) => {
    const person = existing(tenant, requiredText(body, 'personId'));
    const info = readBasicInfo(body);
    if (info.personCode !== person.info.personCode) throw new Refusal('CCF038025', 'personCode');
    checkAgainstOthers(tenant, info, person.personId);
    person.info = {
      ...info,
      phone: 'phone' in body ? info.phone : person.info.phone,
      email: 'email' in body ? info.email : person.info.email,
      description: 'description' in body ? info.description : person.info.description,
    };
    person.sentAt = context.now();
  });

  // 5.8.13: the table calls the parameter `Id`, the sample `personId`
  post(app, `${base}/get`, (body) => {
    const personId = optionalText(body, 'personId') ?? requiredText(body, 'Id');
    return personView(context, existing(tenant, personId));
  });

  // 5.8.14: several ids are separated by commas
  post(app, `${base}/delete`, (body) => {
    const people = requiredText(body, 'personId')
      .split(',')
      .map((personId) => existing(tenant, personId));
    for (const { personId } of people) {
      tenant.people.delete(personId);
      tenant.residents.delete(personId);
      tenant.applyFailures.delete(personId);
    }
  });

  // 5.8.15: the person is kept although picture, PIN or access levels failed
  post(app, `${base}/quick/add`, (body) => quickAdd(context, tenant, body));

  // 5.8.16
  post(app, `${base}/list`, (body) => {
    const pageIndex = integerWithin(body, 'pageIndex', 1, Number.MAX_SAFE_INTEGER);
    const pageSize = integerWithin(body, 'pageSize', 1, 100, 'OPEN000025');
    const filter = optionalObject(body, 'filter') ?? {};
    const name = (optionalText(filter, 'name') ?? '').toLowerCase();
    const email = (optionalText(filter, 'email') ?? '').toLowerCase();
    const phone = optionalText(filter, 'phone') ?? '';
    const found = [...tenant.people.values()].filter(
      (person) =>
        fullName(person).toLowerCase().includes(name) &&
        (person.info.email ?? '').toLowerCase().includes(email) &&
        (person.info.phone ?? '').includes(phone),
    );
    const list = found
      .slice((pageIndex - 1) * pageSize, pageIndex * pageSize)
      .map((person) => personView(context, person));
    return shape === 'document' ? list : { totalNum: found.length, pageIndex, pageSize, personList: list };
  });

  // 5.8.17
  post(app, `${base}/qrcode`, (body) => {
    existing(tenant, requiredText(body, 'personId'));
    requiredText(body, 'clientLocalTime');
    return { qrCodeData: Buffer.from(context.random(), 'hex').toString('base64') };
  });
}

/** Keeps somebody new. */
export function addPerson(context: LabContext, tenant: TenantState, info: BasicInfo): StoredPerson {
  checkAgainstOthers(tenant, info, null);
  if (context.meets('full')) throw new Refusal('CCF038029');
  const person: StoredPerson = {
    personId: tenant.nextId(),
    info,
    photo: null,
    pinCode: null,
    cards: [],
    fingers: [],
    accessLevelIds: [],
    sentAt: context.now(),
  };
  tenant.people.set(person.personId, person);
  return person;
}

async function quickAdd(
  context: LabContext,
  tenant: TenantState,
  body: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const basic = optionalObject(body, 'personInfo');
  if (basic === null) throw new Refusal('OPEN000010', 'personInfo');
  // `aceessLevelList` is how 5.8.15 spells it, in the table and in the sample.
  const levels = optionalTextList(body, 'aceessLevelList') ?? [];
  const pinCode = optionalText(body, 'pinCode') ?? '';
  const photoData = optionalText(body, 'photoData') ?? '';
  const person = addPerson(context, tenant, readBasicInfo(basic));
  const { personId } = person;
  const failed = (refusal: Refusal) => ({ personId, message: refusal.message, errorCode: refusal.code });

  const answer: Record<string, unknown> = { personId };
  if (pinCode !== '') {
    const refusal = await refusalOf(() => setPinCode(context, tenant, person, pinCode));
    if (refusal !== null) answer.pinCodeFailed = failed(refusal);
  }
  if (photoData !== '') {
    const refusal = await refusalOf(() => setPhoto(context, tenant, person, photoData));
    if (refusal !== null) answer.photoFailed = failed(refusal);
  }
  const personAccessLevelFailedList = assignLevels(context, tenant, person, levels);
  if (personAccessLevelFailedList.length > 0)
    answer.accessLevelFailed = { errorCode: '0', message: '', personAccessLevelFailedList };
  return answer;
}

async function refusalOf(run: () => void | Promise<void>): Promise<Refusal | null> {
  try {
    await run();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** 5.8.13 and 5.8.16 with A.3.125: here times are milliseconds, not ISO text. */
function personView(context: LabContext, person: StoredPerson): Record<string, unknown> {
  const { info } = person;
  return {
    personInfo: {
      personId: person.personId,
      groupId: info.groupId,
      firstName: info.firstName,
      lastName: info.lastName,
      gender: info.gender,
      phone: info.phone ?? '',
      email: info.email ?? '',
      description: info.description ?? '',
      startDate: info.startDate,
      endDate: info.endDate,
      personCode: info.personCode,
      headPicUrl: photoUrl(context, person) ?? '',
    },
    cardList: person.cards,
    fingerList: person.fingers,
    pinCode: person.pinCode ?? '',
  };
}
