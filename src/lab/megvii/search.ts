import type { FastifyInstance } from 'fastify';
import { hashDistance } from '../core/picture.ts';
import type { LabContext } from '../core/platform.ts';
import { Refusal } from './answers.ts';
import { optionalInteger, optionalText, requiredText } from './fields.ts';
import { pageOf } from './paging.ts';
import { post } from './routes.ts';
import type { BoxState, StoredPerson } from './state.ts';
import { imageUrl, personView, visitValid } from './views.ts';

/** 人员管理 1.7.1: 下列字段支持模糊搜索. */
const fuzzy = ['name', 'phone', 'identifyNum', 'email', 'code', 'cardNum'] as const;
const libraries = ['员工', '访客', '黑名单', '陌生人'];

/** Searching by text and by picture. */
export function searchRoutes(app: FastifyInstance, context: LabContext, box: BoxState): void {
  // 人员管理 1.7 搜索人员列表: matches substrings, never equality
  post(app, '/v1/api/person/list', (body) => {
    const wanted = matcher(body, box, context.now());
    const simple = optionalFlag(body, 'simpleInfo') ?? false;
    const ordered = optionalFlag(body, 'isPinyinOrder') ?? true;
    const people = [...box.people.values()].filter(wanted);
    if (ordered) people.sort((a, b) => a.fields.name.localeCompare(b.fields.name, 'zh'));
    const { list, ...page } = pageOf(people, body);
    const passed = new Set(box.passes.map(({ personUuid }) => personUuid));
    return {
      list: list.map((person) =>
        simple
          ? { uuid: person.uuid, name: person.fields.name }
          : {
              ...personView(context, box, person),
              isPassRecord: passed.has(person.uuid),
              isAttendanceRecord: false,
            },
      ),
      ...page,
    };
  });

  // 人脸比对 1.2 1:N列表查询
  post(app, '/v1/api/photo/search', (body) => {
    const probe = box.images.get(requiredText(body, 'uri'));
    if (probe === undefined) throw new Refusal(101039, 'uri');
    const types = libraryTypes(body.groupTypes);
    const threshold = optionalInteger(body, 'threshold');
    if (threshold === undefined || threshold < 1 || threshold > 99) throw new Refusal(100003, 'threshold');
    const found = [...box.people.values()]
      .filter((person) => types.has(person.type))
      .flatMap((person) => {
        const { imageUri } = person.fields;
        const image = imageUri === undefined ? undefined : box.images.get(imageUri);
        const score = image === undefined ? 0 : likeness(probe.dHash, image.dHash);
        return score < threshold ? [] : [{ person, score }];
      })
      .sort((a, b) => b.score - a.score);
    // 1.2.2 prints 0 as the default page size.
    const views = found.map(({ person, score }) => matchView(context, box, person, score));
    if (context.meets('similar')) views.unshift(orderedMatch);
    const { list, ...page } = pageOf(views, body, 0);
    return { list, ...page };
  });
}

/**
 * Score 0–100 of two pictures by their difference hashes: 100 for the same picture, less than 70 from ten differing bits on.
 * It knows pictures, not faces.
 */
function likeness(a: bigint, b: bigint): number {
  return Math.max(0, 100 - 3.2 * hashDistance(a, b));
}

function matchView(context: LabContext, box: BoxState, person: StoredPerson, score: number): Record<string, unknown> {
  return {
    count: box.passes.filter(({ personUuid }) => personUuid === person.uuid).length,
    groupType: person.type,
    groupTypeDesc: libraries[person.type - 1],
    name: person.fields.name,
    personUuid: person.uuid,
    score,
    url: imageUrl(context, person.fields.imageUri),
  };
}

/** The hit of an ordered `similar`: somebody the box no longer holds, as a search index that lags behind may tell. */
const orderedMatch = {
  count: 0,
  groupType: 1,
  groupTypeDesc: '员工',
  name: 'Somebody Similar',
  personUuid: '5f0d3c2b1a49586776859403122130ff',
  score: 92.5,
  url: '',
};

function libraryTypes(value: unknown): Set<number> {
  if (!Array.isArray(value) || value.length === 0) throw new Refusal(100003, 'groupTypes');
  return new Set(
    value.map((type: unknown) => {
      if (type !== 1 && type !== 2 && type !== 3 && type !== 4) throw new Refusal(100003, 'groupTypes');
      return type;
    }),
  );
}

function matcher(body: Record<string, unknown>, box: BoxState, now: number): (person: StoredPerson) => boolean {
  const type = optionalInteger(body, 'type');
  const texts = fuzzy.map((field) => [field, optionalText(body, field) ?? ''] as const);
  const uniqueIdentify = optionalText(body, 'uniqueIdentify') ?? '';
  const visitedName = optionalText(body, 'visitedName') ?? '';
  const orgUuid = optionalText(body, 'orgUuid') ?? '';
  const visitType = optionalInteger(body, 'visitType');
  const entryMin = optionalInteger(body, 'staffEntryMinStamp') ?? Number.NEGATIVE_INFINITY;
  const entryMax = optionalInteger(body, 'staffEntryMaxStamp') ?? Number.POSITIVE_INFINITY;
  const createdMin = optionalInteger(body, 'visitorCreateMinStamp') ?? Number.NEGATIVE_INFINITY;
  const createdMax = optionalInteger(body, 'visitorCreateMaxStamp') ?? Number.POSITIVE_INFINITY;
  const validity = optionalInteger(body, 'filterVisitedType') ?? 0;
  const byEntry = Number.isFinite(entryMin) || Number.isFinite(entryMax);
  const byCreation = Number.isFinite(createdMin) || Number.isFinite(createdMax);
  if (type !== undefined && ![1, 2, 3].includes(type)) throw new Refusal(100003, 'type');
  if (![0, 1, 2].includes(validity)) throw new Refusal(100003, 'filterVisitedType');

  return (person) => {
    const { fields } = person;
    const entry = fields.entryTimeStamp;
    if (type !== undefined && person.type !== type) return false;
    if (!texts.every(([field, text]) => (fields[field] ?? '').includes(text))) return false;
    if (uniqueIdentify !== '' && fields.uniqueIdentify !== uniqueIdentify) return false;
    if (orgUuid !== '' && fields.orgUuid !== orgUuid) return false;
    if (visitType !== undefined && (person.type !== 2 || (fields.visitType ?? 1) !== visitType)) return false;
    if (byEntry && (entry === undefined || entry < entryMin || entry > entryMax)) return false;
    if (byCreation && (person.type !== 2 || person.createdAt < createdMin || person.createdAt > createdMax))
      return false;
    if (validity !== 0 && (person.type !== 2 || visitValid(person, now) !== (validity === 1))) return false;
    if (visitedName === '') return true;
    const host = fields.visitedUuid === undefined ? undefined : box.people.get(fields.visitedUuid);
    return host?.fields.name.includes(visitedName) ?? false;
  };
}

function optionalFlag(body: Record<string, unknown>, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw new Refusal(100003, name);
  return value;
}
