import type { FastifyInstance } from 'fastify';
import { Refusal } from './answers.ts';
import { optionalFlag, optionalText, optionalTextList, requiredText } from './fields.ts';
import { post } from './routes.ts';
import { groupPath, type PersonGroup, rootGroupId, type TenantState } from './state.ts';

const base = '/api/hccgw/person/v1/groups';

/** Departments, which the document also calls person groups (chapters 5.8.1–5.8.4). */
export function groupRoutes(app: FastifyInstance, tenant: TenantState): void {
  // 5.8.1
  post(app, `${base}/search`, (body) => {
    const ids = optionalTextList(body, 'groupIdList');
    const found = ids !== null && ids.length > 0 ? byIds(tenant, ids) : byParent(tenant, body);
    return { personGroupList: found.map((group) => groupView(tenant, group)) };
  });

  // 5.8.2: there is no parent to name, a new department stands under the root
  post(app, `${base}/add`, (body) => {
    const group: PersonGroup = {
      groupId: tenant.nextId(),
      groupName: groupName(requiredText(body, 'groupName')),
      parentId: rootGroupId,
      description: description(body) ?? '',
      areaId: area(tenant, body),
    };
    tenant.groups.set(group.groupId, group);
    return { groupId: group.groupId };
  });

  // 5.8.3: an empty name takes no effect
  post(app, `${base}/update`, (body) => {
    const group = groupOf(tenant, requiredText(body, 'groupId'));
    const name = optionalText(body, 'groupName') ?? '';
    const parentId = optionalText(body, 'parentId');
    const changed: PersonGroup = {
      ...group,
      groupName: name === '' ? group.groupName : groupName(name),
      description: description(body) ?? group.description,
      areaId: area(tenant, body) ?? group.areaId,
      parentId: parentId ?? group.parentId,
    };
    if (parentId !== null) {
      const above = ancestors(tenant, groupOf(tenant, parentId));
      if (group.groupId === rootGroupId || above.includes(group.groupId)) throw new Refusal('OPEN000010', 'parentId');
    }
    tenant.groups.set(group.groupId, changed);
  });

  // 5.8.4: never the root. What becomes of its persons is not said, so one that is not empty is refused.
  post(app, `${base}/delete`, (body) => {
    const group = groupOf(tenant, requiredText(body, 'groupId'));
    if (group.groupId === rootGroupId) throw new Refusal('OPEN000010', 'groupId');
    const peopled = [...tenant.people.values()].some(({ info }) => info.groupId === group.groupId);
    if (peopled || childrenOf(tenant, group.groupId).length > 0) throw new Refusal('VMS000005', 'groupId');
    tenant.groups.delete(group.groupId);
  });
}

function byIds(tenant: TenantState, ids: string[]): PersonGroup[] {
  return ids.flatMap((id) => tenant.groups.get(id) ?? []);
}

function byParent(tenant: TenantState, body: Record<string, unknown>): PersonGroup[] {
  const parentId = optionalText(body, 'parentGroupId') ?? '';
  const name = (optionalText(body, 'groupName') ?? '').toLowerCase();
  if (name.length > 64) throw new Refusal('OPEN000010', 'groupName');
  const deep = optionalFlag(body, 'depthTraversal');
  const top = tenant.groups.get(parentId === '' ? rootGroupId : parentId);
  if (top === undefined) return [];
  const under = deep ? descendants(tenant, top.groupId) : childrenOf(tenant, top.groupId);
  return [top, ...under].filter((group) => group.groupName.toLowerCase().includes(name));
}

function childrenOf(tenant: TenantState, groupId: string): PersonGroup[] {
  return [...tenant.groups.values()].filter(({ parentId }) => parentId === groupId);
}

function descendants(tenant: TenantState, groupId: string): PersonGroup[] {
  return childrenOf(tenant, groupId).flatMap((child) => [child, ...descendants(tenant, child.groupId)]);
}

function ancestors(tenant: TenantState, group: PersonGroup): string[] {
  const parent = group.parentId === null ? undefined : tenant.groups.get(group.parentId);
  return [group.groupId, ...(parent === undefined ? [] : ancestors(tenant, parent))];
}

function groupOf(tenant: TenantState, groupId: string): PersonGroup {
  const group = tenant.groups.get(groupId);
  if (group === undefined) throw new Refusal('CCF038009');
  return group;
}

function groupName(name: string): string {
  if ([...name].length > 64) throw new Refusal('CCF038002', 'groupName');
  if (/[\\/:*?"<>|]/.test(name)) throw new Refusal('CCF038005', 'groupName');
  return name;
}

function description(body: Record<string, unknown>): string | null {
  const text = optionalText(body, 'description');
  if (text !== null && [...text].length > 128) throw new Refusal('OPEN000010', 'description');
  return text;
}

function area(tenant: TenantState, body: Record<string, unknown>): string | null {
  const areaId = optionalText(body, 'areaId');
  if (areaId !== null && !tenant.areas.has(areaId)) throw new Refusal('OPEN000031');
  return areaId;
}

/** A.3.124 PersonGroup. */
function groupView(tenant: TenantState, group: PersonGroup): Record<string, unknown> {
  return {
    groupId: group.groupId,
    groupName: group.groupName,
    parentId: group.parentId ?? '',
    childNodeExist: childrenOf(tenant, group.groupId).length > 0,
    permissionState: true,
    description: group.description,
    areaList: group.areaId === null ? [] : [{ areaId: group.areaId }],
    groupFullPath: groupPath(tenant, group.groupId),
  };
}
