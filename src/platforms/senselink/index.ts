import type { PersonKind } from '#shared/person';
import type { PlatformDefinition } from '../contract.ts';
import { createClient } from './client.ts';
import { type SenselinkConfig, senselinkConfig } from './config.ts';
import { createDepartments } from './departments.ts';
import { enrol } from './enrol.ts';
import { findGuest, findStaff, searchStaff } from './people.ts';
import { records, watch } from './records.ts';
import { concerns, judging, predict, problems, rendition, required } from './rules.ts';
import { catalogue, createGroups, createRights } from './structure.ts';

/** SenseTime SenseLink Enterprise V1.9.0-p. */
export const senselink: PlatformDefinition<SenselinkConfig> = {
  kind: 'senselink',
  title: 'SenseLink Enterprise',
  config: senselinkConfig,
  secrets: ['appSecret'],
  capabilities: [
    'visitor',
    'quality',
    'verify',
    'remove',
    'access',
    'catalogue',
    'groups',
    'rights',
    'records',
    'watch',
    'portrait',
    'search',
  ],
  rendition,
  required,
  problems,
  predict,
  concerns,
  judging,
  create(config, deps) {
    const client = createClient(config, deps);
    const room = { client, config, departments: createDepartments(client, config, deps) };
    const find = (code: string, kind: PersonKind, signal: AbortSignal) =>
      kind === 'staff' ? findStaff(client, code, signal) : findGuest(client, code, undefined, signal);
    return {
      enrol: (job) => enrol(room, job),
      async test(signal) {
        client.hurry();
        const detail = await client.company(signal);
        return { skewMs: client.clock.skewMs(), detail };
      },
      async verify(code, kind, signal) {
        const user = await find(code, kind, signal);
        if (user === null) return { person: false, photo: null, access: null, personId: null, detail: null };
        // Doors are bound to groups; whether one has the face already, no call tells.
        const access = user.groupList?.length === 0 ? 'none' : null;
        return { person: true, photo: Boolean(user.avatar), access, personId: String(user.id), detail: null };
      },
      async remove(code, kind, signal) {
        const user = await find(code, kind, signal);
        if (user === null) return false;
        await (kind === 'staff' ? client.removeUser(user.id, signal) : client.removeGuest(user.id, signal));
        return true;
      },
      catalogue: (signal) => catalogue(client, signal),
      groups: createGroups(client),
      rights: createRights(client, find),
      records: (range, signal) => records(client, deps, range, signal),
      watch: (listener, signal) => watch(client, config, deps, listener, signal),
      search: (name, signal) => searchStaff(client, name, signal),
      async portrait({ personId, code, kind }, signal) {
        const id = Number(personId ?? Number.NaN);
        const user = Number.isSafeInteger(id)
          ? await client.byId(id, signal)
          : code === null
            ? null
            : await find(code, kind, signal);
        return client.picture(user?.avatar, signal);
      },
      circuit: () => client.circuit(),
      skewMs: () => client.clock.skewMs(),
      close: () => client.close(),
    };
  },
};
