import { FaultError } from '#shared/fault';
import type { Person } from '#shared/person';
import type { Catalogue, CatalogueEntry, Groups, Rights } from '../site-contract.ts';
import type { Client } from './client.ts';
import { flatten } from './departments.ts';
import type { Group, User } from './wire.ts';

/** Lengths of a group's name (§6.4.1) and of a department's (§6.7.4). */
const GROUP_NAME = 45;
const DEPARTMENT_NAME = 50;
/** Groups and departments count from 1 each: in the catalogue a department's number carries this. */
const DEPARTMENT = 'department-';

const typeOf = (kind: Person['kind']): 1 | 2 => (kind === 'staff' ? 1 : 2);

function groupEntry({ id, name, type }: Group): CatalogueEntry {
  const kind = type === 1 ? 'staff' : type === 2 ? 'visitor' : null;
  return { id: String(id), name: name ?? String(id), parent: null, kind };
}

/** Groups, departments and devices. Access is what groups give: there are no levels. */
export async function catalogue(client: Client, signal: AbortSignal): Promise<Catalogue> {
  const groups = await client.groups(0, signal);
  const departments = flatten(await client.departments(signal));
  const devices = await client.devices(signal);
  return {
    groups: groups.map(groupEntry),
    departments: departments.map(({ id, name, parent }) => ({
      id: `${DEPARTMENT}${id}`,
      name,
      parent: parent === null ? null : `${DEPARTMENT}${parent}`,
      kind: null,
    })),
    accessLevels: [],
    doors: devices.map(({ id, name, location }) => ({
      id: String(id),
      name: [name, location].filter(Boolean).join(' · ') || String(id),
      parent: null,
      kind: null,
    })),
  };
}

function refused(field: string, message: string, code = 'field'): FaultError {
  return new FaultError({ kind: 'validation', code, field, message });
}

function numberOf(id: string, field: string): number {
  if (!/^\d{1,15}$/.test(id)) throw refused(field, `${field}: SenseLink counts its groups and departments in digits`);
  return Number(id);
}

function checkName(name: string, longest: number): void {
  if (name.trim() === '') throw refused('name', 'a name is required');
  if (name.length > longest)
    throw refused('name', `the name is ${name.length} characters long; at most ${longest} are taken`);
}

/** Groups (§6.4) and, under their catalogue ids, departments (§6.7). */
export function createGroups(client: Client): Groups {
  return {
    async add({ name, kind }, signal) {
      checkName(name, GROUP_NAME);
      return groupEntry(await client.addGroup(name, typeOf(kind), signal));
    },
    async rename(id, name, signal) {
      if (id.startsWith(DEPARTMENT)) {
        checkName(name, DEPARTMENT_NAME);
        const known = await client.departmentById(numberOf(id.slice(DEPARTMENT.length), 'id'), signal);
        await client.renameDepartment(known, name, signal);
        return;
      }
      checkName(name, GROUP_NAME);
      const wanted = numberOf(id, 'id');
      // An update wants the type too, and would change it.
      const known = (await client.groups(0, signal)).find((group) => group.id === wanted);
      if (!known?.type) throw refused('id', 'SenseLink has no such group', '320');
      await client.updateGroup(wanted, name, known.type, signal);
    },
    async remove(id, signal) {
      if (!id.startsWith(DEPARTMENT))
        throw refused('id', 'SenseLink has no call to delete a group: delete it on its own pages', 'not-offered');
      await client.removeDepartment(numberOf(id.slice(DEPARTMENT.length), 'id'), signal);
    },
  };
}

/** Groups of one person, by the calls that add and remove members (§6.4.4, §6.4.5): nobody else's change. */
export function createRights(
  client: Client,
  find: (code: string, kind: Person['kind'], signal: AbortSignal) => Promise<User | null>,
): Rights {
  const change = async (
    code: string,
    kind: Person['kind'],
    ids: readonly string[],
    signal: AbortSignal,
    work: (user: User, groups: readonly number[]) => Promise<void>,
  ): Promise<boolean> => {
    const groups = ids.map((id) => numberOf(id, 'groupIds'));
    const user = await find(code, kind, signal);
    if (user === null) return false;
    await work(user, groups);
    return true;
  };
  return {
    grant: (code, kind, ids, signal) =>
      change(code, kind, ids, signal, async (user, groups) => {
        for (const group of groups) await client.addToGroup(group, [user.id], signal);
      }),
    revoke: (code, kind, ids, signal) =>
      change(code, kind, ids, signal, async (user, groups) => {
        for (const group of groups) await client.removeFromGroup(group, [user.id], signal);
      }),
    replace: (code, kind, ids, signal) =>
      change(code, kind, ids, signal, async (user, groups) => {
        const had = user.groupList?.map(({ id }) => id) ?? [];
        // First in, then out: at no moment is somebody without the doors they keep.
        for (const group of groups) if (!had.includes(group)) await client.addToGroup(group, [user.id], signal);
        for (const group of had) if (!groups.includes(group)) await client.removeFromGroup(group, [user.id], signal);
      }),
  };
}
