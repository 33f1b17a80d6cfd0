import type { Logger } from 'pino';
import { type Lab, type LabOptions, startLab } from '#lab/index';
import { definitions } from '#platforms/index';
import {
  ConfigError,
  EMPTY_CONFIG,
  type KeySource,
  keyFile,
  type LoadedConfig,
  loadConfig,
  openStation,
  readConfigFile,
  readStoredConfig,
  type SettingsStore,
  type Station,
  settingsFile,
} from '#station/index';
import type { EngineName } from '#vision/engines/names';
import { createInspectorPool, type InspectorPool } from '#vision/node/pool';
import { type BuiltFiles, builtFiles, programRoot } from './root.ts';

export interface ComposeOptions {
  /** Made when missing. */
  dataDir: string;
  /** The configuration; null for the one the data folder was used with last. */
  configFile: string | null;
  /** Starts the simulated platforms and adds them to the configuration. */
  lab: boolean;
  /** How the lab is: the port of its page (the platforms take the ones after it; 0 or absent: any), TLS, terminals. */
  labOptions?: Pick<LabOptions, 'port' | 'https' | 'devices'>;
  env: NodeJS.ProcessEnv;
  log: Logger;
  /** Whether the outbox delivers by itself (desk) or when told (command line). */
  background: boolean;
  /** Who works here, for the audit trail. */
  operator?: string | undefined;
  /** Default: `VESTIBULE_KEY`, else a key file in the data folder. */
  key?: KeySource;
  /** Opens the settings of a data folder. Default: `settings.json` through `conf`. */
  settings?: (dataDir: string) => SettingsStore;
  /** Threads that look at pictures; default: by the machine's cores. */
  workers?: number;
}

/** An open station and what was opened for it. */
export interface Composed {
  station: Station;
  lab: Lab | null;
  /** Closes the station, then what it used, in that order. Idempotent; rejects when a part failed, after closing all. */
  close(): Promise<void>;
}

/**
 * Opens a station: the one way for Electron, the loopback host and the command line. When a part fails to open, those before it are closed.
 *
 * @throws ConfigError, StationError, or what the lab says of its port
 */
export async function compose(options: ComposeOptions): Promise<Composed> {
  const { dataDir, configFile, env, log, background } = options;
  const parts = new AsyncDisposableStack();
  try {
    const lab = options.lab ? await startLab(options.labOptions) : null;
    if (lab) parts.defer(() => lab.close());
    const key = options.key ?? keyFile(dataDir, env);
    const config =
      configFile === null && !lab
        ? ((await readStoredConfig(dataDir, key, env)) ?? EMPTY_CONFIG)
        : await configure(configFile, lab, env);
    const inspector = openInspector(options.workers);
    parts.defer(() => inspector.close());
    const settings = options.settings?.(dataDir) ?? settingsFile(dataDir);
    const station = await openStation({
      dataDir,
      config,
      key,
      env,
      inspector,
      settings,
      log,
      background,
      operator: options.operator,
    });
    parts.defer(() => station.close());
    return { station, lab, close: () => parts.disposeAsync() };
  } catch (error) {
    await parts.disposeAsync();
    throw error;
  }
}

/** The threads that look at pictures, as the build lays their files out. For commands that need no station (`check`). */
export function openInspector(workers?: number, engine?: EngineName): InspectorPool {
  const files = builtFiles(programRoot(import.meta.dirname));
  return createInspectorPool({
    workerUrl: files.visionWorker,
    assets: files.engine,
    ...(workers === undefined ? {} : { workers }),
    ...(engine && { engine }),
  });
}

/**
 * The configuration of the file, with the lab's platforms beside the site's own when there is a lab.
 *
 * @throws ConfigError when it is wrong, or when the site has given an id that the lab uses
 */
export async function configure(
  configFile: string | null,
  lab: Pick<Lab, 'config'> | null,
  env: NodeJS.ProcessEnv,
): Promise<LoadedConfig> {
  const file = configFile === null ? null : await readConfigFile(configFile, env, definitions);
  if (!lab) return file ?? EMPTY_CONFIG;
  if (!file) return loadConfig(lab.config, { configDir: process.cwd(), env, definitions });
  const site = file.source as { platforms?: Record<string, unknown> };
  const clashes = Object.keys(site.platforms ?? {}).filter((id) => Object.hasOwn(lab.config.platforms, id));
  if (clashes.length > 0) {
    throw new ConfigError(
      clashes.map((id) => ({
        path: `platforms.${id}`,
        message: 'the lab has this id: choose another, or leave --lab out',
      })),
      configFile ?? undefined,
    );
  }
  const merged = { ...site, platforms: { ...site.platforms, ...lab.config.platforms } };
  return loadConfig(merged, { configDir: file.configDir, env, definitions });
}

/** Where the built files lie; for shells that serve them. */
export function webRoots(): Pick<BuiltFiles, 'renderer' | 'engine' | 'preload'> {
  return builtFiles(programRoot(import.meta.dirname));
}
