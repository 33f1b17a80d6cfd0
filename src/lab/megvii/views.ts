import type { LabContext, LabPerson } from '../core/platform.ts';
import type { BoxState, StoredPerson } from './state.ts';

/** Where a kept picture can be fetched; the lists give a URL where the requests took a uri. */
export function imageUrl(context: LabContext, uri: string | undefined): string | undefined {
  return uri === undefined ? undefined : `${context.baseUrl()}/pub/${uri}`;
}

/** Whether a visitor's visit is going on (数据字典 1.2.4). */
export function visitValid(person: StoredPerson, now: number): boolean {
  const { visitStartTimeStamp: start = 0, visitEndTimeStamp: end = 0 } = person.fields;
  return start <= now && now <= end;
}

/**
 * A person as 人员管理 1.7.3, 1.8.3 and 1.9.3 print them: absent fields are left out, times are numbers as in the samples, and the
 * names differ from the request's (`entryTime`, `birthday`, `visitStartTime`).
 */
export function personView(context: LabContext, box: BoxState, person: StoredPerson): Record<string, unknown> {
  const { fields } = person;
  const host = fields.visitedUuid === undefined ? undefined : box.people.get(fields.visitedUuid);
  const organisation = fields.orgUuid === undefined ? undefined : box.organisations.get(fields.orgUuid);
  return {
    uuid: person.uuid,
    name: fields.name,
    type: person.type,
    sex: fields.sex ?? 0,
    imageUri: imageUrl(context, fields.imageUri),
    code: fields.code,
    identifyNum: fields.identifyNum,
    visitStartTime: fields.visitStartTimeStamp,
    visitEndTime: fields.visitEndTimeStamp,
    visitReason: fields.visitReason,
    visitedUuid: fields.visitedUuid,
    visitedName: host?.fields.name,
    visitType: person.type === 2 ? (fields.visitType ?? 1) : undefined,
    visitedStatus: person.type === 2 ? visitValid(person, context.now()) : undefined,
    email: fields.email,
    phone: fields.phone,
    cardNum: fields.cardNum,
    password: fields.password,
    entryTime: fields.entryTimeStamp,
    postion: fields.postion,
    birthday: fields.birthdayStamp,
    uniqueIdentify: fields.uniqueIdentify,
    ext: fields.ext,
    groupList: fields.groupList.map((uuid) => ({ name: box.groups.get(uuid)?.name, uuid })),
    visitFirm: fields.visitFirm,
    autograph: fields.autograph,
    orgUuid: fields.orgUuid,
    orgName: organisation?.name,
  };
}

/** The same person for the lab's page. */
export function labPerson(box: BoxState, person: StoredPerson): LabPerson {
  const { name, groupList, imageUri, code, ...rest } = person.fields;
  const details = Object.entries(rest).flatMap(([field, value]) =>
    value === undefined ? [] : [[field, String(value)] as const],
  );
  // The picture of this moment, whatever they get later.
  const file = imageUri === undefined ? undefined : box.images.get(imageUri)?.file;
  return {
    key: code ?? rest.uniqueIdentify ?? '',
    id: person.uuid,
    kind: person.type === 1 ? 'staff' : person.type === 2 ? 'visitor' : 'other',
    name,
    get photo() {
      return file?.bytes ?? null;
    },
    access: groupList.map((uuid) => box.groups.get(uuid)?.name ?? uuid),
    details: Object.fromEntries(details),
  };
}
