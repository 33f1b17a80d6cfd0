import { checkedId } from '../core/fields.ts';
import type { Rights } from '../site-contract.ts';
import type { HikConnectClient } from './client.ts';
import { levelFault } from './enrol.ts';
import type { Directory } from './lookup.ts';
import type { LevelFailed } from './wire.ts';

/**
 * Access levels by person (5.7.6–5.7.8). `add` and `delete` leave the person's other levels alone; `modify` takes the list given for the whole. What
 * failed is told inside a success. Staff and visitors are one kind of person here.
 */
/** 5.7.6 */
const LEVEL_ID = /^\d{1,18}$/;

export function createRights(client: HikConnectClient, directory: Directory): Rights {
  const change = async (
    code: string,
    ids: readonly string[],
    signal: AbortSignal,
    run: (personId: string) => Promise<LevelFailed[]>,
  ): Promise<boolean> => {
    for (const id of ids) checkedId(id, LEVEL_ID, 'accessLevelIds');
    const person = await directory.find(code, signal);
    if (person === null) return false;
    const fault = levelFault(await run(person.personId));
    if (fault) throw fault;
    return true;
  };
  const unlessEmpty = (ids: readonly string[], run: () => Promise<LevelFailed[]>) =>
    ids.length === 0 ? Promise.resolve([]) : run();

  return {
    grant: (code, _kind, ids, signal) =>
      change(code, ids, signal, (personId) => unlessEmpty(ids, () => client.addAccessLevels(personId, ids, signal))),
    revoke: (code, _kind, ids, signal) =>
      change(code, ids, signal, (personId) => unlessEmpty(ids, () => client.removeAccessLevels(personId, ids, signal))),
    replace: (code, _kind, ids, signal) =>
      change(code, ids, signal, (personId) => client.replaceAccessLevels(personId, ids, signal)),
  };
}
