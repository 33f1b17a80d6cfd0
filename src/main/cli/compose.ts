import { hasJournal, type Station } from '#station/index';
import { compose } from '../compose.ts';
import { createLog } from '../log.ts';
import type { CommandContext } from './context.ts';
import { UsageError } from './output.ts';

/**
 * For commands that only look at what is stored: a mistyped folder is not made, and not answered as though it held nothing.
 * @throws UsageError
 */
export function demandStation(folder: string): void {
  if (!hasJournal(folder))
    throw new UsageError(`--data: no station has kept anything in ${folder}; is the name right?`);
}

/** Opens a station for one command and closes it afterwards, whatever happened. Without a configuration the one used last serves. */
export async function withStation(
  { env }: CommandContext,
  options: { data: string; config?: string },
  work: (station: Station) => Promise<void>,
): Promise<void> {
  const { station, close } = await compose({
    dataDir: options.data,
    configFile: options.config ?? null,
    lab: false,
    env,
    log: createLog({ env, level: 'error' }),
    background: false,
    operator: env.VESTIBULE_OPERATOR,
  });
  try {
    await work(station);
  } finally {
    await close();
  }
}
