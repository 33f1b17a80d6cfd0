import type { PlatformDefinition } from '../contract.ts';
import { catalogue, createRights } from './access.ts';
import { createClient } from './client.ts';
import { type HcpConfig, hcpConfig } from './config.ts';
import { enrol } from './enrol.ts';
import { judging, predict, problems, rendition, required } from './rules.ts';
import { search } from './search.ts';
import { portrait, verify } from './verify.ts';

/** A code nobody has: looking it up is the cheapest call that needs a good signature. */
const NOBODY = 'VESTIBULETEST';

/** HikCentral Professional on site, through its Artemis gateway. */
export const hcp: PlatformDefinition<HcpConfig> = {
  kind: 'hcp',
  title: 'HikCentral Professional',
  config: hcpConfig,
  secrets: ['appSecret'],
  // Visitors are persons of the organisation with a short period: HikCentral tells kinds apart by organisation.
  capabilities: ['visitor', 'verify', 'remove', 'access', 'catalogue', 'rights', 'portrait', 'search'],
  rendition,
  required,
  problems,
  predict,
  judging,
  create(config, deps) {
    const client = createClient(config, deps);
    const room = { client, config, now: deps.now };
    return {
      enrol: (job) => enrol(room, job),
      async test(signal) {
        client.hurry();
        await client.find(NOBODY, signal);
        return { skewMs: client.clock.skewMs(), detail: null };
      },
      verify: (code, _kind, signal) => verify(client, config, code, signal),
      async remove(code, _kind, signal) {
        const person = await client.find(code, signal);
        if (person === null) return false;
        await client.remove(person.personId, signal);
        return true;
      },
      catalogue: (signal) => catalogue(client, signal),
      rights: createRights(client),
      search: (name, signal) => search(client, name, signal),
      portrait: ({ code }, signal) => portrait(client, code, signal),
      circuit: () => client.circuit(),
      close: () => client.close(),
    };
  },
};
