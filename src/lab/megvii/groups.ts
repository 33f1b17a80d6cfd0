import type { FastifyInstance } from 'fastify';
import type { LabContext } from '../core/platform.ts';
import { Refusal } from './answers.ts';
import { optionalText, requiredText, requiredType, textList } from './fields.ts';
import { pageOf } from './paging.ts';
import { existing } from './persons.ts';
import { post } from './routes.ts';
import type { BoxState, PersonGroup, StoredPerson } from './state.ts';
import { imageUrl, visitValid } from './views.ts';

const plainName = /^[\p{L}\p{N}_-]+$/u;

/** 组管理: groups of staff, visitors and key persons. */
export function groupRoutes(app: FastifyInstance, context: LabContext, box: BoxState): void {
  // 组管理 1.1 批量添加人员组
  post(app, '/v1/api/pass/group/batchAdd', (body) => {
    const list = body.groupList;
    if (!Array.isArray(list) || list.length === 0) throw new Refusal(100003, 'groupList');
    const successes: Record<string, unknown>[] = [];
    const failures: Record<string, unknown>[] = [];
    for (const item of list as unknown[]) {
      if (typeof item !== 'object' || item === null || Array.isArray(item)) throw new Refusal(100003, 'groupList');
      const entry = item as Record<string, unknown>;
      try {
        const group = addGroup(context, box, entry);
        successes.push({ isAll: 0, name: group.name, type: group.type, uuid: group.uuid });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        failures.push({ ...entry, code: error.code, msg: error.message });
      }
    }
    return { failures, successes };
  });

  // 组管理 1.2 删除人员组
  post(app, '/v1/api/pass/group/delete', (body) => {
    const group = groupOf(box, requiredText(body, 'uuid'));
    if (group.isDefault) throw new Refusal(103123);
    for (const person of members(box, group)) leave(person, group);
    box.groups.delete(group.uuid);
    for (const authority of box.authorities)
      authority.groupUuids = authority.groupUuids.filter((uuid) => uuid !== group.uuid);
  });

  // 组管理 1.3 修改人员组
  post(app, '/v1/api/pass/group/update', (body) => {
    const group = groupOf(box, requiredText(body, 'uuid'));
    if (group.isDefault) throw new Refusal(103125);
    group.name = freeName(box, body.name, group.uuid);
  });

  // 组管理 1.4 人员组列表
  post(app, '/v1/api/pass/group/list', (body) => {
    const type = requiredType(body);
    const name = optionalText(body, 'name') ?? '';
    const found = [...box.groups.values()].filter((group) => group.type === type && group.name.includes(name));
    const { list, ...page } = pageOf(found, body);
    return { list: list.map((group) => ({ isAll: 0, ...groupView(box, group) })), ...page };
  });

  // 组管理 1.5 查询人员组详情
  post(app, '/v1/api/pass/group/query', (body) => groupView(box, groupOf(box, requiredText(body, 'uuid'))));

  // 组管理 1.6 批量移除组内人员
  post(app, '/v1/api/pass/group/batchDeletePerson', (body) => {
    const group = groupOf(box, requiredText(body, 'groupUuid'));
    const people = textList(body.personUuids, 'personUuids').map((uuid) => existing(box, uuid));
    for (const person of people) leave(person, group);
  });

  // 组管理 1.7 查询组内人员详情
  post(app, '/v1/api/pass/group/queryPersonListInGroup', (body) => {
    const group = groupOf(box, requiredText(body, 'uuid'));
    if (requiredType(body) !== group.type) throw new Refusal(100003, 'type');
    const name = optionalText(body, 'name') ?? '';
    const code = optionalText(body, 'personCode') ?? '';
    const found = members(box, group).filter(
      ({ fields }) => fields.name.includes(name) && (fields.code ?? '').includes(code),
    );
    const { list, ...page } = pageOf(found, body);
    return { list: list.map((person) => memberView(context, box, group, person)), ...page };
  });

  // 组管理 1.8 编辑组内人员: the list given becomes the whole membership
  post(app, '/v1/api/pass/group/batchUpdatePerson', (body) => {
    const group = groupOf(box, requiredText(body, 'groupUuid'));
    const wanted = body.personUuids ?? [];
    const people = textList(wanted, 'personUuids').map((uuid) => existing(box, uuid));
    if (people.some(({ type }) => type !== group.type)) throw new Refusal(101105);
    for (const person of members(box, group)) leave(person, group);
    for (const person of people) person.fields.groupList = [...person.fields.groupList, group.uuid];
  });

  // 组管理 1.9 获取默认组信息(不建议使用)
  post(app, '/v1/api/pass/group/getDefaultGroup', (body) => {
    const type = requiredType(body);
    const group = [...box.groups.values()].find((candidate) => candidate.isDefault && candidate.type === type);
    if (group === undefined) throw new Refusal(103126);
    return groupView(box, group);
  });
}

function addGroup(context: LabContext, box: BoxState, entry: Record<string, unknown>): PersonGroup {
  const type = requiredType(entry);
  const name = freeName(box, entry.name, null);
  const uuid = optionalText(entry, 'uuid') ?? context.random();
  if (uuid.length < 1 || uuid.length > 40 || !plainName.test(uuid)) throw new Refusal(100003, 'uuid');
  if (box.groups.has(uuid)) throw new Refusal(103150);
  const group: PersonGroup = { uuid, name, type, isDefault: false };
  box.groups.set(uuid, group);
  return group;
}

/** A group name of 2–32 characters without special ones that nobody else has. @throws Refusal 103134, 100003 or 103124. */
function freeName(box: BoxState, value: unknown, self: string | null): string {
  if (typeof value !== 'string') throw new Refusal(100003, 'name');
  const length = [...value].length;
  if (length < 2 || length > 32) throw new Refusal(103134);
  if (!plainName.test(value)) throw new Refusal(100003, 'name');
  for (const group of box.groups.values()) if (group.name === value && group.uuid !== self) throw new Refusal(103124);
  return value;
}

function groupOf(box: BoxState, uuid: string): PersonGroup {
  const group = box.groups.get(uuid);
  if (group === undefined) throw new Refusal(103126);
  return group;
}

function members(box: BoxState, group: PersonGroup): StoredPerson[] {
  return [...box.people.values()].filter(({ fields }) => fields.groupList.includes(group.uuid));
}

function leave(person: StoredPerson, group: PersonGroup): void {
  person.fields.groupList = person.fields.groupList.filter((uuid) => uuid !== group.uuid);
}

function groupView(box: BoxState, group: PersonGroup): Record<string, unknown> {
  return { name: group.name, personTotal: members(box, group).length, type: group.type, uuid: group.uuid };
}

function memberView(
  context: LabContext,
  box: BoxState,
  group: PersonGroup,
  { uuid, type, fields, ...person }: StoredPerson,
): Record<string, unknown> {
  const host = fields.visitedUuid === undefined ? undefined : box.people.get(fields.visitedUuid);
  const valid = visitValid({ uuid, type, fields, ...person }, context.now());
  return {
    groupUuid: group.uuid,
    imageUri: imageUrl(context, fields.imageUri),
    personCode: fields.code,
    personName: fields.name,
    personUuid: uuid,
    phone: fields.phone,
    identifyNum: fields.identifyNum,
    type,
    visitTargetUuid: fields.visitedUuid,
    visitTarget: host?.fields.name,
    visitStartTime: fields.visitStartTimeStamp,
    visitEndTime: fields.visitEndTimeStamp,
    status: type === 2 ? (valid ? '有效' : '无效') : undefined,
    visitReason: fields.visitReason,
  };
}
