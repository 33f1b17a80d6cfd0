import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Connector, ConnectorDeps } from '#platforms/contract';
import type { PlatformView } from '#shared/contract';
import { FaultError } from '#shared/fault';
import type { ConfiguredPlatform, LoadedConfig } from './api.ts';

/** The configured platforms and their connections, each made when first used. */
export interface Platforms {
  readonly configured: readonly ConfiguredPlatform[];
  has(id: string): boolean;
  /** Throws FaultError `validation` naming the known ids. */
  get(id: string): ConfiguredPlatform;
  connector(id: string): Connector;
  /** Drops the connection of a platform: its secrets changed, and the next use makes a new one. What is under way ends on the old one. */
  forget(id: string): void;
  /** From now on these are configured. Connections of those that are gone or are otherwise now are dropped as by `forget`. */
  change(next: readonly ConfiguredPlatform[]): void;
  close(): Promise<void>;
}

/** The secret in the vault; null when there is none. */
export type SecretLookup = (platform: string, field: string) => string | null;

export function createPlatforms(
  config: LoadedConfig,
  deps: Pick<ConnectorDeps, 'now' | 'sleep' | 'pace'>,
  secret: SecretLookup = () => null,
): Platforms {
  let configured = config.platforms;
  const { configDir } = config;
  const byId = new Map(configured.map((platform) => [platform.id, platform]));
  const connectors = new Map<string, Held>();

  const forget = (id: string): void => {
    connectors.get(id)?.retire();
    connectors.delete(id);
  };

  const get = (id: string): ConfiguredPlatform => {
    const found = byId.get(id);
    if (found !== undefined) return found;
    const known = [...byId.keys()].join(', ') || 'none';
    throw new FaultError({
      kind: 'validation',
      code: 'platform',
      field: 'platform',
      message: `there is no platform "${id.slice(0, 64)}" in the configuration (there are: ${known})`,
    });
  };

  return {
    get configured() {
      return configured;
    },
    has: (id) => byId.has(id),
    get,
    connector(id) {
      const known = connectors.get(id);
      if (known !== undefined) return known.connector;
      const platform = get(id);
      const { definition } = platform;
      const made = definition.create(withSecrets(platform, secret), {
        ...deps,
        nonce: () => randomBytes(16).toString('hex'),
        configDir: platform.configDir ?? configDir,
      });
      const held = holding(made);
      connectors.set(id, held);
      return held.connector;
    },
    forget,
    change(next) {
      const before = new Map(byId);
      configured = next;
      byId.clear();
      for (const platform of next) byId.set(platform.id, platform);
      for (const [id, old] of before) if (!isSame(old, byId.get(id))) forget(id);
    },
    async close() {
      await Promise.allSettled([...connectors.values()].map(({ connector }) => connector.close()));
      connectors.clear();
    },
  };
}

interface Held {
  connector: Connector;
  /** Closes it when what is under way on it has ended. */
  retire(): void;
}

/** A connector that can be retired: its enrolments and removals are counted, because half of one would have to be found out about afterwards. */
function holding(made: Connector): Held {
  let under = 0;
  let retired = false;
  const close = () => void made.close().catch(() => undefined);
  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    under += 1;
    try {
      return await work();
    } finally {
      under -= 1;
      if (retired && under === 0) close();
    }
  };
  return {
    connector: {
      ...made,
      enrol: (job) => counted(() => made.enrol(job)),
      remove: (code, kind, signal) => counted(() => made.remove(code, kind, signal)),
      verify: (code, kind, signal) => counted(() => made.verify(code, kind, signal)),
    },
    retire() {
      retired = true;
      if (under === 0) close();
    },
  };
}

/** Whether a connection made for one serves the other. */
function isSame(a: ConfiguredPlatform, b: ConfiguredPlatform | undefined): boolean {
  const facts = ({ kind, config, configDir, vaulted }: ConfiguredPlatform) => ({ kind, config, configDir, vaulted });
  return b !== undefined && isDeepStrictEqual(facts(a), facts(b));
}

/** The configuration of a platform with its secrets from the vault. Throws FaultError `auth` when one is missing there. */
function withSecrets(
  { id, definition, config, vaulted = [] }: ConfiguredPlatform,
  secret: SecretLookup,
): ConfiguredPlatform['config'] {
  if (vaulted.length === 0) return config;
  const values = vaulted.map((field) => {
    const value = secret(id, field);
    if (value !== null) return [field, value];
    throw new FaultError({
      kind: 'auth',
      code: 'no-secret',
      field: `platforms.${id}.${field}`,
      message: `the vault holds no ${field} for the platform "${id}": set it in the settings or with "vestibule vault set"`,
    });
  });
  const parsed = definition.config.safeParse({ ...config, ...Object.fromEntries(values) });
  if (parsed.success) return parsed.data;
  throw new FaultError({
    kind: 'auth',
    code: 'bad-secret',
    message: `what the vault holds for the platform "${id}" is not in the form it takes: set it again`,
  });
}

/** What a screen may know of a platform: its host, never its credentials. */
export function platformView({ id, kind, definition, config }: ConfiguredPlatform): PlatformView {
  return {
    id,
    kind,
    title: definition.title,
    host: new URL(config.baseUrl).host,
    capabilities: [...definition.capabilities],
    required: { staff: [...definition.required('staff')], visitor: [...definition.required('visitor')] },
  };
}
