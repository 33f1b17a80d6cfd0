import { FaultError } from '#shared/fault';
import { WARNINGS } from '#shared/warnings';
import { checkedId } from '../core/fields.ts';
import type { Catalogue, Rights } from '../site-contract.ts';
import type { Client } from './client.ts';

/** Being in the group already, or out of it, is what was wanted. */
export async function ignoring(code: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof FaultError && error.fault.code === code)) throw error;
  }
}

/** `1 Unknow Error(0, 3651)` comes although the person was added (artemis.md): a warning in words, or null. */
export async function reapply(client: Client, personId: string, signal: AbortSignal): Promise<string | null> {
  try {
    await client.reapply(personId, signal);
    return null;
  } catch (error) {
    if (error instanceof FaultError && /\b3651\b/.test(`${error.fault.code} ${error.fault.message}`))
      return WARNINGS['hcp-3651'];
    throw error;
  }
}

/** Organisations as departments, privilege groups as access levels. */
export async function catalogue(client: Client, signal: AbortSignal): Promise<Catalogue> {
  const organisations = await client.organisations(signal);
  const known = new Set(organisations.map(({ orgIndexCode }) => orgIndexCode));
  const groups = await client.privilegeGroups(signal);
  return {
    groups: [],
    departments: organisations.map(({ orgIndexCode, orgName, parentOrgIndexCode }) => ({
      id: orgIndexCode,
      name: orgName ?? orgIndexCode,
      // The root names a parent that is in no list.
      parent: parentOrgIndexCode && known.has(parentOrgIndexCode) ? parentOrgIndexCode : null,
      kind: null,
    })),
    accessLevels: groups.map(({ privilegeGroupId, privilegeGroupName }) => ({
      id: privilegeGroupId,
      name: privilegeGroupName ?? privilegeGroupId,
      parent: null,
      kind: null,
    })),
    doors: [],
  };
}

/** Ids are text without blanks in every sample. */
const GROUP_ID = /^\S{1,64}$/;

/** Privilege groups of one person. Every change is followed by the reapplication that tells the doors (artemis.md, "Beyond the person"). */
export function createRights(client: Client): Rights {
  const change = async (
    code: string,
    ids: readonly string[],
    signal: AbortSignal,
    work: (personId: string) => Promise<void>,
  ): Promise<boolean> => {
    for (const id of ids) checkedId(id, GROUP_ID, 'privilegeGroupId');
    const person = await client.find(code, signal);
    if (person === null) return false;
    await work(person.personId);
    await reapply(client, person.personId, signal);
    return true;
  };
  const add = async (personId: string, ids: readonly string[], signal: AbortSignal): Promise<void> => {
    for (const id of ids) await ignoring('131', () => client.addToGroup(id, personId, signal));
  };
  return {
    grant: (code, _kind, ids, signal) => change(code, ids, signal, (personId) => add(personId, ids, signal)),
    revoke: (code, _kind, ids, signal) =>
      change(code, ids, signal, async (personId) => {
        for (const id of ids) await client.removeFromGroup(id, personId, signal);
      }),
    replace: (code, _kind, ids, signal) =>
      change(code, ids, signal, async (personId) => {
        // First in, then out: at no moment is somebody without the doors they keep.
        await add(personId, ids, signal);
        for (const { privilegeGroupId } of await client.privilegeGroups(signal)) {
          if (ids.includes(privilegeGroupId)) continue;
          if (await client.isInGroup(privilegeGroupId, personId, signal))
            await client.removeFromGroup(privilegeGroupId, personId, signal);
        }
      }),
  };
}
