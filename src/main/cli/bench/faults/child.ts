import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A command line in a process of its own. */
export interface Child {
  /** Its first line on stdout; rejects with the end of its stderr when it dies before. */
  firstLine(): Promise<string>;
  /** Its exit code; null when a signal ended it. */
  gone: Promise<number | null>;
  /** kill −9: no handler runs, nothing is flushed. False when it was gone already. */
  kill(): Promise<boolean>;
}

const TAIL = 2_000;

/** Starts the command line. @param input what it reads on stdin */
export function startChild(cli: string, args: readonly string[], env: NodeJS.ProcessEnv, input?: string): Child {
  // A group of its own: Ctrl-C is for the bench alone, which ends its children itself.
  const child: ChildProcess = spawn(process.execPath, [cli, ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const reap = () => void child.kill('SIGKILL');
  process.once('exit', reap);
  child.once('exit', () => process.off('exit', reap));
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors = (errors + String(chunk)).slice(-TAIL);
  });
  // A process that is killed takes its end of the pipe along.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  const gone = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null));
  const line = new Promise<string>((resolve, reject) => {
    if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve);
    void gone.then((code) => reject(new Error(`vestibule ${args[0]} ended with ${code}: ${errors.trim()}`)));
  });
  line.catch(() => undefined);
  return {
    firstLine: () => line,
    gone,
    async kill() {
      const alive = child.exitCode === null && child.signalCode === null;
      child.kill('SIGKILL');
      await gone;
      return alive && child.signalCode === 'SIGKILL';
    },
  };
}
