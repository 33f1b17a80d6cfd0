import { createInterface } from 'node:readline';
import { FaultError } from '#shared/fault';
import type { Station } from '#station/index';

/** A command to a station in a process of its own, and what it answers: a line of JSON each way. */
export interface Command {
  do: 'enrol' | 'run' | 'list' | 'force' | 'retry' | 'remove' | 'finish' | 'close';
  code?: string;
  /** Which of two portraits, and what to do about a similar face: for `enrol` of a station that knows how. */
  portrait?: 0 | 1;
  onSimilar?: 'ask' | 'force';
  /** Delivery, for `force` and `retry`. */
  id?: string;
}

const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

/** Serves commands from stdin until `close`. `enrol` enrols somebody with a code and tells the enrolment's id. */
export async function obey(
  station: Station,
  enrol: (code: string | undefined, command: Command) => Promise<string | undefined>,
): Promise<void> {
  const signal = new AbortController().signal;
  const list = () => ({
    deliveries: station.outbox.list().map(({ id, code, platform, state, personId, attempts, error }) => ({
      id,
      code,
      platform,
      state,
      personId,
      attempts,
      error,
    })),
  });
  const act = async (command: Command): Promise<unknown> => {
    switch (command.do) {
      case 'enrol':
        return { enrolment: await enrol(command.code, command) };
      case 'run':
        await station.outbox.run({ signal, until: 'settled' });
        return list();
      case 'list':
        return list();
      case 'force':
        station.outbox.answer(command.id ?? '', 'force');
        return {};
      case 'retry':
        station.outbox.retry(command.id ?? '');
        return {};
      case 'remove':
        await station.remove(command.code ?? '', ['all'], signal);
        return {};
      case 'finish':
        await station.removals.finish(signal);
        return list();
      case 'close':
        await station.close();
        return { closed: true };
    }
  };
  // A write beyond `ulimit -f` is then refused, as on a full disk, instead of ending the process.
  process.on('SIGXFSZ', () => undefined);
  say({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line) as Command;
    const failed = (error: unknown) => ({ fault: error instanceof FaultError ? error.fault : String(error) });
    say(await act(command).catch(failed));
    if (command.do === 'close') return;
  }
}
