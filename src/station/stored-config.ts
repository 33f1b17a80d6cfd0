import { join } from 'node:path';
import { z } from 'zod';
import { definitions as everyDefinition } from '#platforms/index';
import type { Definitions, KeySource, LoadedConfig } from './api.ts';
import { loadConfig } from './config.ts';
import { exists } from './files.ts';
import { openJournal } from './journal/index.ts';
import { loadKeys } from './vault/key.ts';

/** Name of the journal's item that holds the configuration used last. */
export const STORED_CONFIG = 'config';

const stored = z.object({ configDir: z.string(), source: z.json() });

/** What of a configuration is kept: as it was written, references to the environment unresolved. */
export function storable({ configDir, source }: LoadedConfig): z.infer<typeof stored> {
  return stored.parse({ configDir, source });
}

/**
 * The configuration a data folder was used with last, its references resolved in today's environment. Null when the folder was
 * never used with one.
 * @throws StationError when the folder cannot be opened, ConfigError when the configuration no longer resolves
 */
export async function readStoredConfig(
  dataDir: string,
  key: KeySource,
  env: NodeJS.ProcessEnv,
  definitions: Definitions = everyDefinition,
): Promise<LoadedConfig | null> {
  if (!(await exists(join(dataDir, 'journal.db')))) return null;
  const journal = openJournal(dataDir, await loadKeys(key), Date.now());
  try {
    const item = journal.records.item(STORED_CONFIG);
    if (item === null) return null;
    const { configDir, source } = stored.parse(item);
    return { ...loadConfig(source, { configDir, env, definitions }), remembered: true };
  } finally {
    journal.close();
  }
}
