import type { FastifyInstance } from 'fastify';
import type { LabContext } from '../core/platform.ts';
import { Refusal, type RefusalCode } from './answers.ts';
import {
  optionalFlag,
  optionalObject,
  optionalObjectList,
  optionalText,
  optionalTextList,
  requiredObject,
  requiredText,
} from './fields.ts';
import { fullName } from './people.ts';
import { post } from './routes.ts';
import type { AccessLevel, StoredPerson, TenantState } from './state.ts';

const base = '/api/hccgw/acspm/v1/accesslevel';

/** A.3.2 AccessLevelFailed. */
interface LevelFailure {
  personId: string;
  personName: string;
  accessLevelId: string;
  accessLevelName: string;
  errorCode: RefusalCode;
}

/** Access levels and who has them (chapters 5.7.4 and 5.7.6–5.7.8). */
export function accessRoutes(app: FastifyInstance, context: LabContext, tenant: TenantState): void {
  // 5.7.4: everything sits inside accessLevelSearchRequest
  post(app, `${base}/list`, (body) => {
    const request = requiredObject(body, 'accessLevelSearchRequest');
    const pageIndex = count(request, 'pageIndex', 0);
    const pageSize = count(request, 'pageSize', 20);
    const criteria = optionalObject(request, 'searchCriteria') ?? {};
    const name = (optionalText(criteria, 'accessLevelName') ?? '').toLowerCase();
    const found = [...tenant.levels.values()].filter((level) => level.name.toLowerCase().includes(name));
    // A.3.6 gives 0 as the default page, the sample asks for page 1: both are the first.
    const from = (Math.max(1, pageIndex) - 1) * pageSize;
    return {
      accessLevelResponse: {
        pageIndex,
        pageSize,
        totalNum: found.length,
        accessLevelList: found.slice(from, from + pageSize).map(levelView),
      },
    };
  });

  // 5.7.6
  post(app, `${base}/person/add`, (body) =>
    forEachPerson(tenant, body, (person, { levelIds }) => assignLevels(context, tenant, person, levelIds)),
  );

  // 5.7.7
  post(app, `${base}/person/delete`, (body) =>
    forEachPerson(tenant, body, (person, { levelIds, all }) => {
      person.accessLevelIds = all ? [] : person.accessLevelIds.filter((id) => !levelIds.includes(id));
      person.sentAt = context.now();
      return all ? [] : unknownLevels(tenant, person, levelIds);
    }),
  );

  // 5.7.8: the list given becomes the whole list
  post(app, `${base}/person/modify`, (body) =>
    forEachPerson(tenant, body, (person, { levelIds, all }) => {
      person.accessLevelIds = [];
      person.sentAt = context.now();
      return all ? [] : assignLevels(context, tenant, person, levelIds);
    }),
  );
}

/** Adds levels to a person and tells those that do not exist. */
export function assignLevels(
  context: LabContext,
  tenant: TenantState,
  person: StoredPerson,
  levelIds: string[],
): LevelFailure[] {
  const known = levelIds.filter((id) => tenant.levels.has(id));
  if (known.length > 0) {
    person.accessLevelIds = [...new Set([...person.accessLevelIds, ...known])];
    person.sentAt = context.now();
  }
  return unknownLevels(tenant, person, levelIds);
}

interface Wanted {
  levelIds: string[];
  all: boolean;
}

/** Reads `personList` whole before anything changes. The answer holds `data` only when something failed. */
function forEachPerson(
  tenant: TenantState,
  body: Record<string, unknown>,
  change: (person: StoredPerson, wanted: Wanted) => LevelFailure[],
): { accessLevelFailed: LevelFailure[] }[] | undefined {
  const list = optionalObjectList(body, 'personList') ?? [];
  if (list.length === 0) throw new Refusal('OPEN000010', 'personList');
  const entries = list.map((entry) => {
    const personId = digits(requiredText(entry, 'personId'), 'personId');
    const all = optionalFlag(entry, 'deleteAll');
    const levelIds = (optionalTextList(entry, 'accessLevelIdList') ?? []).map((id) => digits(id, 'accessLevelIdList'));
    if (!all && levelIds.length === 0) throw new Refusal('OPEN000010', 'accessLevelIdList');
    return { personId, all, levelIds };
  });
  const failures = entries.flatMap(({ personId, ...wanted }) => {
    const person = tenant.people.get(personId);
    if (person !== undefined) return change(person, wanted);
    return wanted.levelIds.map((id) => levelFailure(tenant, personId, '', id, 'CCF038023'));
  });
  return failures.length === 0 ? undefined : [{ accessLevelFailed: failures }];
}

function unknownLevels(tenant: TenantState, person: StoredPerson, levelIds: string[]): LevelFailure[] {
  return levelIds
    .filter((id) => !tenant.levels.has(id))
    .map((id) => levelFailure(tenant, person.personId, fullName(person), id, 'VMS040016'));
}

function levelFailure(
  tenant: TenantState,
  personId: string,
  personName: string,
  accessLevelId: string,
  errorCode: RefusalCode,
): LevelFailure {
  const accessLevelName = tenant.levels.get(accessLevelId)?.name ?? '';
  return { personId, personName, accessLevelId, accessLevelName, errorCode };
}

/** 5.7.6: ids of persons and levels contain 1 to 18 digits. */
function digits(text: string, name: string): string {
  if (!/^\d{1,18}$/.test(text)) throw new Refusal('OPEN000010', name);
  return text;
}

function count(body: Record<string, unknown>, name: string, otherwise: number): number {
  const value = body[name] ?? otherwise;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new Refusal('OPEN000010', name);
  return value;
}

/** A.3.3 AccessLevelInfo. */
function levelView(level: AccessLevel): Record<string, unknown> {
  return {
    id: level.id,
    name: level.name,
    remark: '',
    usageType: 0,
    timeSchedule: { id: '1', name: 'All-Day Template' },
    associateResList: level.doors.map(({ id, name }) => ({ id, name, type: 0 })),
  };
}
