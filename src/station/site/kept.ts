import { z } from 'zod';
import { ConfigError, type ConfiguredPlatform, type Definitions, type LoadedConfig } from '../api.ts';
import { loadConfig, twinProblems } from '../config.ts';

/** A platform as a configuration writes it. */
export type Entry = Record<string, unknown>;

/** Name of the journal's item that holds what an administrator set up at the desk. */
export const KEPT_SITE = 'site';

const keptSite = z.strictObject({
  /** Entries as a configuration writes them; secrets are references to the vault or the environment. */
  platforms: z.record(z.string(), z.record(z.string(), z.json())),
});
export type KeptSite = z.infer<typeof keptSite>;

/** What the item holds; nothing where there is none. */
export function readKept(item: unknown): KeptSite {
  return item === null || item === undefined ? { platforms: {} } : keptSite.parse(item);
}

export type Problems = ConfigError['problems'];

/** One entry that is kept here, or what is wrong with it today: a variable that is gone must not keep the others from working. */
export type KeptPlatform = { id: string; platform: ConfiguredPlatform } | { id: string; problems: Problems };

/** An entry read as the configuration file's are. Paths of problems are the entry's own. */
export function readEntry(
  id: string,
  entry: unknown,
  options: { dataDir: string; env: NodeJS.ProcessEnv; definitions: Definitions },
): KeptPlatform {
  const { dataDir: configDir, env, definitions } = options;
  try {
    const [platform] = loadConfig({ platforms: { [id]: entry } }, { configDir, env, definitions }).platforms;
    if (platform !== undefined) return { id, platform };
    return { id, problems: [{ path: '', message: 'there is no such platform' }] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const prefix = `platforms.${id}`;
    const own = (path: string) => (path.startsWith(`${prefix}.`) ? path.slice(prefix.length + 1) : '');
    return { id, problems: error.problems.map((problem) => ({ ...problem, path: own(problem.path) })) };
  }
}

/**
 * The platforms of a station (pure): what it was started with, then what is kept here. What it was started with counts where both have a name or
 * an address.
 */
export function allPlatforms(
  started: LoadedConfig['platforms'],
  kept: readonly KeptPlatform[],
): { inUse: ConfiguredPlatform[]; troubled: Map<string, Problems> } {
  const inUse = [...started];
  const troubled = new Map<string, Problems>();
  for (const one of kept) {
    if (inUse.some(({ id }) => id === one.id)) continue;
    if ('problems' in one) {
      troubled.set(one.id, one.problems);
      continue;
    }
    const twins = twinProblems([...inUse, one.platform]);
    if (twins.length === 0) inUse.push(one.platform);
    else
      troubled.set(
        one.id,
        twins.map((problem) => ({ ...problem, path: 'baseUrl' })),
      );
  }
  return { inUse, troubled };
}
