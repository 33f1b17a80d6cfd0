import { randomBytes } from 'node:crypto';
import type { Connector } from '#platforms/contract';
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
  close(): Promise<void>;
}

export function createPlatforms(
  config: LoadedConfig,
  deps: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> },
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
      const { definition, config: entry } = get(id);
      const made = definition.create(entry, { ...deps, nonce: () => randomBytes(16).toString('hex'), configDir });
      connectors.set(id, made);
      return made;
    },
    async close() {
      await Promise.allSettled([...connectors.values()].map((connector) => connector.close()));
      connectors.clear();
    },
  };
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
