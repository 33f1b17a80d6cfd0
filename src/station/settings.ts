import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import Conf from 'conf';
import { DEFAULT_SETTINGS, type Settings, settingsSchema } from '#shared/contract';
import type { SettingsStore } from './api.ts';
import { unusable } from './files.ts';

/** What the adapter uses of `conf`; `electron-store` extends it. */
export interface ConfLike {
  store: Record<string, unknown>;
}

const FIELDS = Object.keys(settingsSchema.shape) as (keyof Settings)[];

/** Settings out of anything: each field that is not as it should be becomes its default, the others stay. */
export function repairSettings(raw: unknown): Settings {
  const given = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {};
  const kept = FIELDS.filter((field) => settingsSchema.shape[field].safeParse(given[field]).success);
  return settingsSchema.parse({
    ...DEFAULT_SETTINGS,
    ...Object.fromEntries(kept.map((field) => [field, given[field]])),
  });
}

/** The settings port over `conf` or `electron-store`. */
function confSettings(conf: ConfLike): SettingsStore {
  const listeners = new Set<(settings: Settings) => void>();
  const get = (): Settings => {
    try {
      return repairSettings(conf.store);
    } catch {
      // Damaged while we ran; `keepDamagedAside` looks at it at the next start.
      return DEFAULT_SETTINGS;
    }
  };
  return {
    get,
    set(patch) {
      const next = settingsSchema.parse({ ...get(), ...patch });
      conf.store = { ...next };
      for (const listener of listeners) listener(next);
      return next;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * Moves a settings file that is not a JSON object aside, so that `conf` starts with defaults instead of throwing. To be called
 * before the store is made. Returns where the file was moved to, or null.
 */
function keepDamagedAside(path: string, now: number = Date.now()): string | null {
  if (!existsSync(path)) return null;
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return null;
  } catch {
    // Not JSON: moved aside below.
  }
  const aside = `${path}.damaged-${now}`;
  renameSync(path, aside);
  return aside;
}

/**
 * The settings in `settings.json` of a data folder, kept by the store that `open` makes: `conf` in plain Node, `electron-store`, which
 * extends it, in Electron. Both read and write the same file.
 */
export function settingsFile(dataDir: string, open: (cwd: string, name: string) => ConfLike = openConf): SettingsStore {
  // `conf` would make the folder readable to everybody.
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unusable(dataDir, error);
  }
  keepDamagedAside(join(dataDir, 'settings.json'));
  return confSettings(open(dataDir, 'settings'));
}

function openConf(cwd: string, configName: string): ConfLike {
  return new Conf<Record<string, unknown>>({ cwd, configName });
}

/** Settings nobody keeps: for commands without a data folder. */
export function defaultSettings(): SettingsStore {
  let store: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  return confSettings({
    get store() {
      return store;
    },
    set store(value) {
      store = value;
    },
  });
}
