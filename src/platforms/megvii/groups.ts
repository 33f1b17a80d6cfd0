import { FaultError } from '#shared/fault';
import type { Person } from '#shared/person';
import { checkedId } from '../core/fields.ts';
import type { Catalogue, CatalogueEntry, Groups, Rights } from '../site-contract.ts';
import type { MegviiClient } from './client.ts';
import { faultOf } from './faults.ts';
import { byUuid, findByCode } from './lookup.ts';
import type { MegviiSite } from './site.ts';
import { type Group, PERSON_TYPE, type PersonRecord } from './wire.ts';

const KINDS = ['staff', 'visitor'] as const;

const entry = ({ uuid, name }: Group, kind: Person['kind']): CatalogueEntry => ({
  id: uuid,
  name: name ?? '',
  parent: null,
  kind,
});

/** What a configuration may name: groups of staff and visitors, the tree of organisations, doors. The box has no access levels: groups open doors. */
export async function catalogue(site: MegviiSite, signal: AbortSignal): Promise<Catalogue> {
  const groups: CatalogueEntry[] = [];
  for (const kind of KINDS)
    groups.push(...(await site.groups(PERSON_TYPE[kind], signal)).map((group) => entry(group, kind)));
  const units = await site.organisations(null, signal);
  const known = new Set(units.map(({ orgUuid }) => orgUuid));
  const doors = await site.doors(signal);
  return {
    groups,
    departments: units.map(({ orgUuid, orgName, parentUuid }) => ({
      id: orgUuid,
      name: orgName ?? '',
      parent: parentUuid && known.has(parentUuid) ? parentUuid : null,
      kind: null,
    })),
    accessLevels: [],
    doors: doors.map(({ uuid, name, location, status }) => ({
      id: uuid,
      name: [name, location].filter(Boolean).join(', '),
      parent: null,
      kind: null,
      // 门禁点管理 1.2.3: 3 online, 4 offline; the other states are of devices nobody has bound yet.
      ...(typeof status === 'number' && { online: status === 3 }),
    })),
  };
}

/** Uuids are 32 digits in every sample; one of a group may be the site's own. */
const groupUuid = (uuid: string): string => checkedId(uuid, /^[\w-]{1,64}$/, 'groupUuids');

/** 组管理 1.1.2: 2–32 characters, none of them special. */
function checkedName(name: string): string {
  const length = [...name].length;
  if (length >= 2 && length <= 32 && /^[\p{L}\p{N}_-]+$/u.test(name)) return name;
  throw new FaultError({
    kind: 'validation',
    code: '103134',
    field: 'name',
    message: 'a group’s name has 2 to 32 letters, digits, _ or -',
  });
}

export function createGroups(site: MegviiSite): Groups {
  return {
    async add({ name, kind }, signal) {
      const { failures, successes } = await site.addGroup({ name: checkedName(name), type: PERSON_TYPE[kind] }, signal);
      const [failure] = failures;
      if (failure) throw faultOf(failure.code ?? 103001, failure.msg ?? '');
      const uuid = successes[0]?.uuid;
      if (!uuid)
        throw new FaultError({
          kind: 'protocol',
          code: 'batchAdd',
          message: 'the box names the group neither as added nor as failed',
        });
      return { id: uuid, name, parent: null, kind };
    },
    rename: async (uuid, name, signal) => site.renameGroup(groupUuid(uuid), checkedName(name), signal),
    remove: async (uuid, signal) => site.deleteGroup(groupUuid(uuid), signal),
  };
}

const memberOf = (person: PersonRecord): string[] => (person.groupList ?? []).map(({ uuid }) => uuid);

/**
 * Membership of one person, put on the person (`groupList`) or taken out of the group by name (组管理 1.6). 组管理 1.8, which takes the list given for the
 * group's whole membership, is never called.
 */
export function createRights(client: MegviiClient, site: MegviiSite): Rights {
  const find = async (code: string, kind: Person['kind'], signal: AbortSignal) => {
    const listed = await findByCode(client, code, kind, signal);
    return listed && byUuid(client, listed.uuid, signal);
  };
  return {
    async grant(code, kind, ids, signal) {
      const person = await find(code, kind, signal);
      if (person === null) return false;
      const groupList = [...new Set([...memberOf(person), ...ids.map(groupUuid)])];
      if (groupList.length > memberOf(person).length)
        await client.updatePerson({ uuid: person.uuid, groupList }, signal);
      return true;
    },
    async revoke(code, kind, ids, signal) {
      const person = await find(code, kind, signal);
      if (person === null) return false;
      for (const uuid of memberOf(person).filter((group) => ids.includes(group)))
        await site.removeFromGroup(uuid, [person.uuid], signal);
      return true;
    },
    async replace(code, kind, ids, signal) {
      const person = await find(code, kind, signal);
      if (person === null) return false;
      await client.updatePerson({ uuid: person.uuid, groupList: [...new Set(ids.map(groupUuid))] }, signal);
      return true;
    },
  };
}
