import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram } from './processes.ts';

const LAB_STARTS_MS = 60_000;

/** The simulated platforms in a process of their own. */
export interface LabProcess {
  pid: number;
  close(): Promise<void>;
}

/**
 * Starts them and waits until they listen.
 *
 * @param config file their configuration is written to
 * @throws Error with the end of what they said
 */
export async function startLabProcess({
  cli,
  config,
  env,
  signal,
}: {
  cli: string;
  config: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}): Promise<LabProcess> {
  const lab = await startProgram([cli, 'lab', '--config-out', config, '--json'], { env, signal });
  const close = async () => {
    lab.child.kill('SIGINT');
    await lab.ended.catch(() => null);
  };
  try {
    const until = performance.now() + LAB_STARTS_MS;
    while (!lab.out().includes('\n')) {
      if (performance.now() > until || lab.child.exitCode !== null)
        throw new Error(`the simulated platforms did not start: ${lab.err().trim()}`);
      await sleep(50, undefined, { signal });
    }
    await readFile(config);
    return { pid: lab.pid, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What an import against such a process works on, in a folder: its table, the configuration the process writes, its data folder. */
export const filesIn = (folder: string) => ({
  table: join(folder, 'table.csv'),
  config: join(folder, 'config.json'),
  data: join(folder, 'data'),
});
