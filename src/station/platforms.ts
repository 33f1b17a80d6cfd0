import { randomBytes } from 'node:crypto';
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
  /** Drops the connection of a platform: its secrets changed, and the next use makes a new one. */
  forget(id: string): void;
  close(): Promise<void>;
}

/** The secret in the vault; null when there is none. */
export type SecretLookup = (platform: string, field: string) => string | null;

export function createPlatforms(
  config: LoadedConfig,
  deps: Pick<ConnectorDeps, 'now' | 'sleep' | 'pace'>,
  secret: SecretLookup = () => null,
): Platforms {
  const { platforms: configured, configDir } = config;
  const byId = new Map(configured.map((platform) => [platform.id, platform]));
  const connectors = new Map<string, Connector>();

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
    configured,
    has: (id) => byId.has(id),
    get,
    connector(id) {
      const known = connectors.get(id);
      if (known !== undefined) return known;
      const platform = get(id);
      const { definition } = platform;
      const made = definition.create(withSecrets(platform, secret), {
        ...deps,
        nonce: () => randomBytes(16).toString('hex'),
        configDir,
      });
      connectors.set(id, made);
      return made;
    },
    forget(id) {
      const connector = connectors.get(id);
      connectors.delete(id);
      // What is under way ends on the old connection, or fails there and is tried again on the new one.
      void connector?.close().catch(() => undefined);
    },
    async close() {
      await Promise.allSettled([...connectors.values()].map((connector) => connector.close()));
      connectors.clear();
    },
  };
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
