import type { Definitions, LoadedConfig } from '../api.ts';
import type { Journal } from '../journal/index.ts';
import { STORED_CONFIG, storable } from '../stored-config.ts';
import { certificateOf } from './draft.ts';
import { allPlatforms, type Entry, KEPT_SITE, type KeptSite, readEntry, readKept } from './kept.ts';

export interface SiteDeps {
  dataDir: string;
  /** What the station was started with, or (remembered) what its folder was used with last. */
  config: LoadedConfig;
  journal: Journal;
  definitions: Definitions;
  env: NodeJS.ProcessEnv;
}

/** The entries of a configuration as they are written. */
function entriesOf(source: unknown): Record<string, Entry> {
  const platforms: unknown =
    typeof source === 'object' && source !== null && 'platforms' in source ? source.platforms : {};
  return (platforms ?? {}) as Record<string, Entry>;
}

/** What is kept here of the platforms, in memory as in the journal. */
export function openSite({ dataDir, config, journal, definitions, env }: SiteDeps) {
  let kept: KeptSite = readKept(journal.records.item(KEPT_SITE));
  let base = config;
  const read = (id: string, entry: unknown) => readEntry(id, entry, { dataDir, env, definitions });
  const all = () =>
    allPlatforms(
      base.platforms,
      Object.entries(kept.platforms).map(([id, entry]) => read(id, entry)),
    );

  const rewrite = (next: LoadedConfig, now: number): void => {
    base = next;
    journal.records.setItem(STORED_CONFIG, storable(base), now);
  };

  return {
    all,
    read,
    base: () => base,
    /** The entry of a platform that may be changed here, and the folder its file names are relative to; null where it may not or is not there. */
    own(id: string): { entry: Entry; configDir: string | null } | null {
      const started = entriesOf(base.source)[id];
      if (started !== undefined) return base.remembered ? { entry: started, configDir: base.configDir } : null;
      const entry = kept.platforms[id];
      return entry === undefined ? null : { entry, configDir: null };
    },
    started: (id: string): boolean => entriesOf(base.source)[id] !== undefined,
    ids: (): string[] => [...new Set([...Object.keys(entriesOf(base.source)), ...Object.keys(kept.platforms)])],
    /** Files of certificates that any entry names, kept by whichever process. */
    certificates(): Set<string> {
      const all = { ...entriesOf(base.source), ...readKept(journal.records.item(KEPT_SITE)).platforms };
      return new Set(Object.values(all).flatMap((entry) => certificateOf(entry) ?? []));
    },
    entry: (id: string): Entry => entriesOf(base.source)[id] ?? kept.platforms[id] ?? {},
    /** Writes an entry, or (null) takes it away. What was remembered of an earlier configuration moves here when it is changed. Within a transaction. */
    put(id: string, entry: Entry | null, now: number): void {
      const { [id]: _old, ...others } = kept.platforms;
      const next = readKept({ platforms: entry === null ? others : { ...others, [id]: entry } });
      journal.records.setItem(KEPT_SITE, next, now);
      kept = next;
      if (!base.remembered || !this.started(id)) return;
      const { [id]: _moved, ...left } = entriesOf(base.source);
      const platforms = base.platforms.filter((platform) => platform.id !== id);
      rewrite({ ...base, platforms, source: { ...(base.source as Entry), platforms: left } }, now);
    },
    /** From now on the desk's settings say it, not what is remembered of an earlier configuration. Within a transaction. */
    release(part: 'quality' | 'retention', now: number): void {
      if (!base.remembered || base[part] === undefined) return;
      const { [part]: _released, ...source } = base.source as Entry;
      rewrite({ ...base, [part]: undefined, source }, now);
    },
  };
}

export type Site = ReturnType<typeof openSite>;
