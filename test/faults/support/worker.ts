import type { PlatformDefinition } from '#platforms/contract';
import { FaultError } from '#shared/fault';
import { fakePlatform } from '../../unit/station/support/fake-platform.ts';
import { anna, open, portrait } from '../../unit/station/support/station.ts';
import { obey } from './obey.ts';

/** A station in a process of its own, to be killed: data folder, address of the test's platform, `background` or `no`. */
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
      async remove(code, _kind, signal) {
        await ask('remove', code, signal);
        return true;
      },
      close: async () => undefined,
    }),
  };
}

const station = await open(dataDir, { gate: definition() }, { background: background === 'background' });
await obey(station, async (code) => {
  const person = { ...anna, code };
  const { enrolment } = await station.enrol({ photo: { bytes: await portrait() }, person, to: ['gate'] });
  return enrolment?.id;
});
