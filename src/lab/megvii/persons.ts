import type { FastifyInstance } from 'fastify';
import type { LabContext } from '../core/platform.ts';
import { Refusal, type RefusalCode } from './answers.ts';
import { readFields, requireComplete, requiredText, requiredType, textList } from './fields.ts';
import { answer, post } from './routes.ts';
import type { BoxState, PersonFields, PersonType, StoredPerson } from './state.ts';
import { personView } from './views.ts';
import { qrPicture } from './visitor-code.ts';

/** Fields that no two persons share, with the code that says so (错误码定义 1.2). */
const uniqueFields: readonly (readonly [keyof PersonFields, RefusalCode])[] = [
  ['code', 101011],
  ['cardNum', 101010],
  ['uniqueIdentify', 101090],
  ['phone', 101007],
  ['identifyNum', 101008],
  ['email', 101009],
];

/** Adding, changing, removing and looking up single persons; searching is in `search.ts`. */
export function personRoutes(app: FastifyInstance, context: LabContext, box: BoxState): void {
  // 人员管理 1.4 批量添加人员: code 0 also when every entry failed
  post(app, '/v1/api/person/batchAdd', (body) => {
    const list = body.personList;
    if (!Array.isArray(list) || list.length === 0) throw new Refusal(100003, 'personList');
    const entries = list.map((entry: unknown) => {
      if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) throw new Refusal(100003, 'personList');
      return entry as Record<string, unknown>;
    });
    const successes: Record<string, unknown>[] = [];
    const failures: Record<string, unknown>[] = [];
    for (const entry of entries) {
      const { code: staffCode, ...echo } = entry;
      try {
        const person = addPerson(context, box, entry);
        successes.push({ ...echo, staffCode, uuid: person.uuid });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        failures.push({ ...echo, staffCode, code: error.code, msg: error.message });
      }
    }
    return { failures, successes };
  });

  // 人员管理 1.6 修改人员: what is left out stays; `groupList` and `imageUri` replace
  post(app, '/v1/api/person/update', (body) => {
    const person = existing(box, requiredText(body, 'uuid'));
    const changes = readFields(body, person.type);
    const merged = { ...person.fields, ...changes };
    requireComplete(merged, person.type);
    checkReferences(box, changes, person.type);
    checkUnique(box, changes, person.uuid);
    person.fields = merged;
    box.syncFailures.delete(person.uuid);
    if (changes.imageUri !== undefined) losePicture(context, box, person);
  });

  // 人员管理 1.5 批量删除人员
  post(app, '/v1/api/person/batchDelete', (body) => {
    const successes: { uuid: string }[] = [];
    const failures: { uuid: string; code: RefusalCode; msg: string }[] = [];
    for (const uuid of textList(body.uuidList, 'uuidList')) {
      if (removePerson(box, uuid)) successes.push({ uuid });
      else failures.push({ uuid, code: 101012, msg: new Refusal(101012).message });
    }
    return { failures, successes };
  });

  // 人员管理 1.8 批量查询人员详情信息: unknown uuids are left out
  post(app, '/v1/api/person/uuid/list', (body) =>
    textList(body.uuidList, 'uuidList').flatMap((uuid) => {
      const person = box.people.get(uuid);
      return person === undefined ? [] : [personView(context, box, person)];
    }),
  );

  // 人员管理 1.9 查询人员详情信息
  post(app, '/v1/api/person/query', (body) => personView(context, box, existing(box, requiredText(body, 'uuid'))));

  // 人员管理 1.10 获取员工、访客的二维码
  post(app, '/v1/api/person/visitorCode', async (body) => {
    const person = existing(box, requiredText(body, 'uuid'));
    if (person.type === 3) throw new Refusal(101105);
    const expireTime = person.type === 1 ? box.qrMinutes.staff : box.qrMinutes.visitor;
    return { expireTime, qrCode: await qrPicture(context.random()) };
  });

  // 人员管理 1.11 人员uuid自定义开关: a GET, and every call turns it over
  app.get('/v1/api/person/personUuidSwitch', () =>
    answer(() => {
      box.customUuids = !box.customUuids;
      return {
        personUuidSwitch: box.customUuids ? 1 : 0,
        personUuidSwitchMsg: box.customUuids
          ? '已开启人员uuid自定义,支持第三方自定义传入'
          : '已关闭人员uuid自定义,此时uuid系统内部生成',
      };
    }),
  );
}

/** The person of a uuid. @throws Refusal 101012. */
export function existing(box: BoxState, uuid: string): StoredPerson {
  const person = box.people.get(uuid);
  if (person === undefined) throw new Refusal(101012);
  return person;
}

/** Takes a person off the box and its doors; false when there was nobody. */
export function removePerson(box: BoxState, uuid: string): boolean {
  box.syncFailures.delete(uuid);
  return box.people.delete(uuid);
}

function addPerson(context: LabContext, box: BoxState, entry: Record<string, unknown>): StoredPerson {
  const type = requiredType(entry);
  const fields = readFields(entry, type);
  requireComplete(fields, type);
  checkReferences(box, fields, type);
  checkUnique(box, fields, null);
  if (context.meets('full')) throw new Refusal(101067);
  const uuid = newUuid(context, box, entry);
  const person: StoredPerson = {
    uuid,
    type,
    createdAt: context.now(),
    fields: { ...fields, name: fields.name ?? '', groupList: fields.groupList ?? [] },
  };
  box.people.set(uuid, person);
  box.usedUuids.add(uuid);
  if (fields.imageUri !== undefined) losePicture(context, box, person);
  return person;
}

/** The box keeps the picture, and no door can make a face of it (门禁点管理 1.3.2, 6). */
function losePicture(context: LabContext, box: BoxState, { uuid }: StoredPerson): void {
  if (context.meets('photo-lost')) box.syncFailures.set(uuid, { notice: '6', reason: '特征提取失败' });
}

/** The client's uuid while the switch is on, else one of the box's own: then a client's is ignored (人员管理 1.4.1). */
function newUuid(context: LabContext, box: BoxState, entry: Record<string, unknown>): string {
  const wanted = entry.uuid;
  if (!box.customUuids || wanted === undefined || wanted === null) return context.random();
  if (typeof wanted !== 'string' || wanted === '' || wanted.length > 32) throw new Refusal(100003, 'uuid');
  if (box.usedUuids.has(wanted)) throw new Refusal(101099);
  return wanted;
}

function checkReferences(box: BoxState, fields: PersonFields, type: PersonType): void {
  if (fields.imageUri !== undefined && box.images.get(fields.imageUri)?.enrollable !== true)
    throw new Refusal(101039, 'imageUri');
  if (fields.orgUuid !== undefined && !box.organisations.has(fields.orgUuid)) throw new Refusal(101005);
  if (fields.visitedUuid !== undefined && box.people.get(fields.visitedUuid)?.type !== 1) throw new Refusal(101012);
  for (const uuid of fields.groupList ?? []) {
    const group = box.groups.get(uuid);
    if (group === undefined) throw new Refusal(103126);
    if (group.type !== type) throw new Refusal(101105);
  }
}

function checkUnique(box: BoxState, fields: PersonFields, self: string | null): void {
  for (const [field, code] of uniqueFields) {
    const value = fields[field];
    if (value === undefined) continue;
    for (const other of box.people.values())
      if (other.uuid !== self && other.fields[field] === value) throw new Refusal(code);
  }
}
