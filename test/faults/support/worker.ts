import { createInterface } from 'node:readline';
import type { PlatformDefinition } from '#platforms/contract';
import { FaultError } from '#shared/fault';
import type { Station } from '#station/index';
import { fakePlatform } from '../../unit/station/support/fake-platform.ts';
import { anna, open, portrait } from '../../unit/station/support/station.ts';

/**
 * A station in a process of its own, to be killed. Commands come as lines of JSON on stdin, answers leave as lines on stdout:
 * `{"do":"enrol","code":…}`, `{"do":"run"}`, `{"do":"list"}`, `{"do":"close"}`.
 */
// A write beyond `ulimit -f` is then refused, as on a full disk, instead of ending the process.
process.on('SIGXFSZ', () => undefined);

const [dataDir = '', url = '', background = 'no'] = process.argv.slice(2);

/** The fake platform's rules with a connector that reaches the test's server. */
function definition(): PlatformDefinition {
  const ask = async (
    action: string,
    code: string,
    signal: AbortSignal,
    body?: Uint8Array,
  ): Promise<{ found?: boolean }> => {
    try {
      const answer = await fetch(`${url}/${action}/${code}`, {
        method: 'POST',
        headers: { 'x-pid': String(process.pid) },
        body: body === undefined ? null : new Uint8Array(body),
        signal,
      });
      return (await answer.json()) as { found?: boolean };
    } catch (error) {
      throw new FaultError({ kind: 'time-out', code: 'reset', message: 'the connection broke' }, { cause: error });
    }
  };
  return {
    ...fakePlatform().definition,
    create: () => ({
      async enrol({ person, photo, signal, step }) {
        const { found } = await step('find', () => ask('find', person.code, signal));
        const action = found ? 'update' : 'add';
        await step(action, () => ask(action, person.code, signal, photo.bytes));
        return { state: 'delivered', personId: `id-${person.code}`, created: !found, warnings: [] };
      },
      test: async () => ({ skewMs: null, detail: null }),
      verify: async () => ({ person: true, photo: null, access: null, personId: null, detail: null }),
      remove: async () => true,
      close: async () => undefined,
    }),
  };
}

const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const list = (station: Station) =>
  station.outbox.list().map(({ code, state, attempts }) => ({ code, state, attempts }));

async function obey(station: Station, command: { do: string; code?: string }): Promise<unknown> {
  if (command.do === 'enrol') {
    const person = { ...anna, code: command.code };
    const { enrolment } = await station.enrol({ photo: { bytes: await portrait() }, person, to: ['gate'] });
    return { enrolment: enrolment?.id };
  }
  if (command.do === 'run') await station.outbox.run({ signal: new AbortController().signal, until: 'settled' });
  if (command.do === 'close') await station.close();
  return command.do === 'close' ? { closed: true } : { deliveries: list(station) };
}

const station = await open(dataDir, { gate: definition() }, { background: background === 'background' });
say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as { do: string; code?: string };
  say(
    await obey(station, command).catch((error: unknown) => ({
      fault: error instanceof FaultError ? error.fault : String(error),
    })),
  );
  if (command.do === 'close') break;
}
