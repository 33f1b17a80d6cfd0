import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DeliveryState } from '#shared/delivery';
import type { Command } from './obey.ts';

interface Listed {
  id: string;
  code: string;
  platform: string;
  state: DeliveryState;
  personId: string | null;
  attempts: number;
  error: { kind: string; code: string } | null;
}
interface Answer {
  ready?: boolean;
  closed?: boolean;
  enrolment?: string;
  deliveries?: Listed[];
  fault?: { kind: string; code: string };
}

/** A station in a process of its own. */
export interface StationProcess {
  pid: number;
  /** Rejects when the process ends before it answers. */
  ask(command: Command): Promise<Answer>;
  /** As a power cut would: no handler runs. Resolves when the process is gone; false when it was gone before. */
  kill(): Promise<boolean>;
}

/**
 * Starts a station in a process of its own.
 * @param worker the script
 * @param limit `ulimit -f` in blocks of 512 bytes: the largest file the process may write, as a full disk would have it
 */
export async function stationProcess(worker: URL, args: readonly string[], limit?: number): Promise<StationProcess> {
  const command = [process.execPath, fileURLToPath(worker), ...args];
  const child: ChildProcess =
    limit === undefined
      ? spawn(command[0] ?? '', command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] })
      : spawn('/bin/sh', ['-c', `ulimit -f ${limit}; exec "$@"`, 'sh', ...command], {
          stdio: ['pipe', 'pipe', 'inherit'],
        });
  const gone = once(child, 'exit');
  const waiting: ((answer: Answer | null) => void)[] = [];
  if (child.stdout === null) throw new Error('no stdout');
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(JSON.parse(line) as Answer));
  void gone.then(() => {
    for (const answer of waiting.splice(0)) answer(null);
  });
  const next = () =>
    new Promise<Answer>((resolve, reject) => {
      waiting.push((answer) => (answer === null ? reject(new Error('the process ended')) : resolve(answer)));
    });

  await next();
  return {
    pid: child.pid ?? 0,
    ask(command) {
      const answer = next();
      child.stdin?.write(`${JSON.stringify(command)}\n`);
      return answer;
    },
    async kill() {
      const alive = child.exitCode === null && child.signalCode === null;
      child.kill('SIGKILL');
      await gone;
      return alive;
    },
  };
}
