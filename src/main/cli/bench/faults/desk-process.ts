import type { CallName } from '#shared/channels';
import type { Input, Output, Reply } from '#shared/contract';
import { CALL_PATH, decodeWire, encodeWire, SESSION_PATH, WIRE_TYPE } from '#shared/wire';
import type { Desk, Recruit } from './campaign.ts';
import { startChild } from './child.ts';
import { personOf } from './people.ts';

export interface DeskProcessOptions {
  cli: string;
  env: NodeJS.ProcessEnv;
  config: string;
  dataDir: string;
  to: readonly string[];
  /** The picture somebody is enrolled with. */
  portrait(recruit: Recruit): Promise<Uint8Array<ArrayBuffer>>;
}

/** `vestibule serve` in a process of its own, used as its page uses it: over the loopback host, with a session. */
export async function deskProcess(options: DeskProcessOptions): Promise<Desk> {
  const { cli, env, config, dataDir, to, portrait } = options;
  const child = startChild(cli, ['serve', '--config', config, '--data', dataDir, '--json'], env);
  const { origin, hash } = new URL((JSON.parse(await child.firstLine()) as { url: string }).url);
  const headers = { 'content-type': WIRE_TYPE, origin };
  const post = (path: string, body: unknown, more: Record<string, string> = {}) =>
    fetch(origin + path, { method: 'POST', headers: { ...headers, ...more }, body: encodeWire(body) });

  const session = await post(SESSION_PATH, { token: hash.slice('#t='.length) });
  const cookie = session.headers.get('set-cookie')?.split(';')[0];
  if (cookie === undefined) throw new Error(`the station gave no session (HTTP ${session.status})`);
  const call = async <N extends CallName>(name: N, input: Input<N>): Promise<Output<N>> => {
    const answer = await post(CALL_PATH + name, { input }, { cookie });
    const reply = decodeWire(new Uint8Array(await answer.arrayBuffer())) as Reply<Output<N>>;
    if (!reply.ok) throw new Error(`${name}: ${reply.fault.message}`);
    return reply.value;
  };

  return {
    async prepare(recruit) {
      const { token } = await call('photo.submit', { bytes: await portrait(recruit), source: 'file' });
      if (token === null) throw new Error('the check refuses this photo: choose another with --photo');
      const { onSimilar } = recruit;
      return async () => {
        await call('enrolment.create', { photo: token, person: personOf(recruit), to: [...to], onSimilar });
      };
    },
    async pending() {
      const { enrolments } = await call('outbox.held', { limit: 200 });
      return enrolments.flatMap(({ deliveries }) =>
        deliveries.filter(({ state }) => !['delivered', 'verified', 'abandoned'].includes(state)),
      );
    },
    // Between the look and the answer the outbox may have moved on by itself.
    force: (id) =>
      call('delivery.answer', { id, answer: 'force' }).then(
        () => undefined,
        () => undefined,
      ),
    retry: (id) =>
      call('delivery.retry', { id }).then(
        () => undefined,
        () => undefined,
      ),
    async receipts() {
      const limit = 100;
      const people: Output<'people.find'>['people'] = [];
      for (;;) {
        const page = await call('people.find', { query: '', limit, offset: people.length });
        people.push(...page.people);
        if (page.people.length < limit) break;
      }
      return people.flatMap(({ code, platforms }) =>
        platforms.map(({ platform, state, personId }) => ({ code, platform, state, personId })),
      );
    },
    kill: child.kill,
  };
}
