import { z } from 'zod';
import { FaultError } from '#shared/fault';
import { checkedId } from '../core/fields.ts';
import type { Catalogue, CatalogueEntry, Groups } from '../site-contract.ts';
import type { Call } from './session.ts';
import { type Group, groupPage, nothing } from './wire.ts';

const GROUPS = '/api/hccgw/person/v1/groups';
const PAGE = 100;
const LAST_PAGE = 100;

const text = z.string().nullish();
const id = z.union([z.string(), z.number()]).transform(String);
/** A.3.3 AccessLevelInfo, A.3.37 AssociateResInfo; only what we read. */
const level = z.object({
  id,
  name: text,
  associateResList: z.array(z.object({ id, name: text, type: z.coerce.number().nullish() })).nullish(),
});
/** 5.7.4: the table has the list beside `accessLevelResponse`, the sample inside it. */
const levelPage = z
  .object({
    accessLevelResponse: z
      .object({ accessLevelList: z.array(level).nullish(), totalNum: z.coerce.number().nullish() })
      .nullish(),
  })
  .nullish()
  .transform((data) => ({
    list: data?.accessLevelResponse?.accessLevelList ?? [],
    total: data?.accessLevelResponse?.totalNum ?? null,
  }));
type Level = z.infer<typeof level>;

/** Every department this key may use (5.8.1 with `depthTraversal`), the root among them. */
async function departments(call: Call, signal: AbortSignal): Promise<Group[]> {
  const all = await call(`${GROUPS}/search`, { depthTraversal: true }, groupPage, signal);
  // "Permission: 0 (no permission)": nobody could be enrolled there.
  return all.filter(({ permissionState }) => !['false', '0'].includes(String(permissionState ?? true)));
}

async function accessLevels(call: Call, signal: AbortSignal): Promise<Level[]> {
  const found: Level[] = [];
  for (let pageIndex = 1; pageIndex <= LAST_PAGE; pageIndex += 1) {
    const { list, total } = await call(
      '/api/hccgw/acspm/v1/accesslevel/list',
      { accessLevelSearchRequest: { pageIndex, pageSize: PAGE, searchCriteria: { accessLevelName: '' } } },
      levelPage,
      signal,
    );
    found.push(...list);
    if (list.length === 0 || (total === null ? list.length < PAGE : found.length >= total)) break;
  }
  return found;
}

/** What a configuration may name: departments with their tree, access levels (5.7.4) and the doors these open. Groups are departments here. */
export async function catalogue(call: Call, signal: AbortSignal): Promise<Catalogue> {
  const groups = await departments(call, signal);
  const levels = await accessLevels(call, signal);
  const known = new Set(groups.map(({ groupId }) => groupId));
  const doors = new Map<string, CatalogueEntry>();
  // A.3.89: 0 is a door, 1 a whole device.
  for (const { associateResList } of levels)
    for (const door of associateResList ?? [])
      if ((door.type ?? 0) === 0) doors.set(door.id, { id: door.id, name: door.name ?? '', parent: null, kind: null });
  return {
    groups: [],
    departments: groups.map(({ groupId, groupName, parentId }) => ({
      id: groupId,
      name: groupName ?? '',
      parent: parentId && known.has(parentId) ? parentId : null,
      kind: null,
    })),
    accessLevels: levels.map(({ id: levelId, name }) => ({ id: levelId, name: name ?? '', parent: null, kind: null })),
    doors: [...doors.values()],
  };
}

/** 5.8.2, 5.8.3: at most 64 characters, no special ones. Which are special is not listed; these are what file names forbid as well. */
function checkedName(name: string): string {
  if (name === '' || [...name].length > 64 || /[\\/:*?"<>|]/.test(name))
    throw new FaultError({
      kind: 'validation',
      code: 'field',
      field: 'name',
      message: 'a department’s name has 1 to 64 characters and none of \\ / : * ? " < > |',
    });
  return name;
}

/** 5.8.3: at most 64 characters. */
const departmentId = (id: string): string => checkedId(id, /^\S{1,64}$/, 'groupId');

/** Departments (5.8.2–5.8.4). A new one stands under the root: adding names no parent. */
export function createGroups(call: Call): Groups {
  return {
    async add({ name }, signal) {
      const body = { groupName: checkedName(name) };
      const { groupId } = await call(`${GROUPS}/add`, body, z.object({ groupId: id }), signal);
      return { id: groupId, name, parent: null, kind: null };
    },
    async rename(groupId, name, signal) {
      // An empty name "does not take effect" (5.8.3) and would look like a success.
      await call(`${GROUPS}/update`, { groupId: departmentId(groupId), groupName: checkedName(name) }, nothing, signal);
    },
    async remove(groupId, signal) {
      const [group] = await call(`${GROUPS}/search`, { groupIdList: [departmentId(groupId)] }, groupPage, signal);
      // 5.8.4: the root's id would mean all departments. Never left to the platform's own care.
      if (group && !group.parentId)
        throw new FaultError({
          kind: 'validation',
          code: 'root',
          field: 'id',
          message: 'this is the root of all departments, which is never deleted',
        });
      await call(`${GROUPS}/delete`, { groupId }, nothing, signal);
    },
  };
}
