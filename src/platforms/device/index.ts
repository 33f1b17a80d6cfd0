import type { PlatformDefinition } from '../contract.ts';
import { foundPerson, nameToSearch } from '../core/found.ts';
import { picturePrinted } from '../core/picture.ts';
import { createClient } from './client.ts';
import { type DeviceConfig, deviceConfig } from './config.ts';
import { enrol } from './enrol.ts';
import { records, watch } from './records.ts';
import { concerns, judging, predict, problems, rendition, required } from './rules.ts';
import { createTerminal } from './terminal.ts';
import { userId } from './user-id.ts';

/** Length of a name (§8.2.1). */
const LONGEST_NAME = 30;

/** RichTech AATSS V2 Pro terminal on the LAN. */
export const device: PlatformDefinition<DeviceConfig> = {
  kind: 'device',
  title: 'RichTech AATSS V2 Pro',
  config: deviceConfig,
  secrets: ['password'],
  capabilities: ['visitor', 'verify', 'remove', 'records', 'watch', 'terminal', 'portrait', 'search'],
  rendition,
  required,
  problems,
  predict,
  concerns,
  judging,
  create(config, deps) {
    const client = createClient(config, deps);
    return {
      enrol: (job) => enrol(client, deps.now, job),
      async test(signal) {
        client.hurry();
        const info = await client.information(signal);
        const detail = [info.deviceMoel, info.deviceName, info.appVer].filter(Boolean).join(' · ');
        return { skewMs: client.clock.skewMs(), detail: detail || null };
      },
      async verify(code, _kind, signal) {
        const user = await client.find(userId(code), signal);
        if (user === null) return { person: false, photo: null, access: null, personId: null, detail: null };
        // A firmware that lists users without their pictures leaves the question open.
        const photo = user.photo === undefined || user.photo === null ? null : user.photo !== '';
        return { person: true, photo, access: null, personId: user.userId, detail: null };
      },
      async remove(code, _kind, signal) {
        const id = userId(code);
        if ((await client.find(id, signal)) === null) return false;
        await client.remove(id, signal);
        return true;
      },
      records: (range, signal) => records(client, deps, range, signal),
      watch: (listener, signal) => watch(client, config, deps, listener, signal),
      async search(name, signal) {
        const wanted = nameToSearch(name, LONGEST_NAME);
        const found = wanted === null ? [] : await client.staffNamed(wanted, signal);
        return found.flatMap(
          ({ userId: code, name: whole, department }) => foundPerson(code, { whole: whole ?? null }, department) ?? [],
        );
      },
      async portrait({ personId, code }, signal) {
        const id = personId ?? code;
        return id === null ? null : picturePrinted((await client.find(userId(id), signal))?.photo);
      },
      terminal: createTerminal(client),
      circuit: () => client.circuit(),
      skewMs: () => client.clock.skewMs(),
      close: () => client.close(),
    };
  },
};
