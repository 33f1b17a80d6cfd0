import { accessSync, constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { PLATFORM_KINDS, type PlatformDefinition } from '#platforms/contract';
import { plainHttpProblem } from '#platforms/core/config';
import { definitions as everyDefinition } from '#platforms/index';
import { configFileSchema } from '#shared/config';
import { ConfigError, type ConfiguredPlatform, type Definitions, type LoadedConfig, type SecretOrigin } from './api.ts';
import { duplicateKeys } from './json-keys.ts';

type Problem = ConfigError['problems'][number];

/** A zod issue as problems with their paths; an unknown field is named itself, not only the object it is in. */
function issueProblems(prefix: string, issue: z.core.$ZodIssue): Problem[] {
  const at = [prefix, ...issue.path.map(String)].filter(Boolean).join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: at ? `${at}.${key}` : key, message: 'there is no such field' }));
  if (issue.code === 'invalid_key')
    return [{ path: at, message: `not an id: ${issue.issues.map(({ message }) => message).join(', ')}` }];
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return [{ path: at, message: 'is missing', code: 'missing' }];
  const code = codeOf(issue);
  return [{ path: at, message: issue.message, ...(code && { code }) }];
}

/** What a room's own rule calls itself (`params.code`), or what zod's check of an address is. */
function codeOf(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'invalid_format' && issue.format === 'url') return 'url';
  const own: unknown = issue.code === 'custom' ? issue.params?.code : undefined;
  return typeof own === 'string' ? own : undefined;
}

const reference = z.strictObject({ env: z.string().min(1) });
const vaultReference = z.strictObject({ vault: z.literal(true) });

/**
 * Replaces `{"env":"NAME"}` by the variable's value, in secrets and in any other field (a site may keep its app key there too);
 * what is wrong goes to `problems`. Secrets that are in the vault go to `vaulted`: they are looked up when the platform is first used.
 */
function resolveReferences(
  prefix: string,
  entry: Record<string, unknown>,
  definition: PlatformDefinition,
  env: NodeJS.ProcessEnv,
  problems: Problem[],
  vaulted: string[],
): Record<string, unknown> {
  const resolved: Record<string, unknown> = { ...entry };
  for (const [field, value] of Object.entries(entry)) {
    if (typeof value !== 'object' || value === null) continue;
    const path = `${prefix}.${field}`;
    const parsed = reference.safeParse(value);
    if (parsed.success) {
      const found = env[parsed.data.env];
      if (found === undefined || found === '')
        problems.push({ path, message: `the environment variable ${parsed.data.env} is not set`, code: 'variable' });
      resolved[field] = found || HELD;
    } else if (definition.secrets.includes(field) && vaultReference.safeParse(value).success) {
      vaulted.push(field);
      resolved[field] = HELD;
    } else if (definition.secrets.includes(field)) {
      problems.push({ path, message: 'a secret is a string, {"env":"NAME"} or {"vault":true}' });
      resolved[field] = HELD;
    }
  }
  return resolved;
}

/** Where each secret of an entry comes from; never the secret. */
function secretOrigins(definition: PlatformDefinition, entry: Record<string, unknown>): Record<string, SecretOrigin> {
  return Object.fromEntries(
    definition.secrets.map((field) => {
      const value = entry[field];
      if (value === undefined) return [field, 'none'];
      if (typeof value === 'string') return [field, 'config'];
      return [field, vaultReference.safeParse(value).success ? 'vault' : 'env'];
    }),
  );
}

/** Stands for a secret that is in the vault, or is missing and was already complained about, so that its schema does not complain. */
const HELD = 'held';

function readable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Configured twice, a platform would get everybody twice: same kind, same address. */
export function twinProblems(platforms: readonly ConfiguredPlatform[]): Problem[] {
  const seen = new Map<string, string>();
  return platforms.flatMap(({ id, kind, config }) => {
    const address = `${kind} ${new URL(config.baseUrl).href.replace(/\/+$/, '')}`;
    const twin = seen.get(address);
    seen.set(address, twin ?? id);
    return twin === undefined
      ? []
      : [
          {
            path: `platforms.${id}.baseUrl`,
            message: `duplicate: the same platform as platforms.${twin}`,
            code: 'twin',
          },
        ];
  });
}

/**
 * Reads a configuration (interfaces.md, "Configuration") and resolves its secrets.
 * @param json the parsed file
 * @throws ConfigError with every problem and its path; values are not in it
 */
export function loadConfig(
  json: unknown,
  options: { configDir: string; env: NodeJS.ProcessEnv; definitions: Definitions },
): LoadedConfig {
  const problems: Problem[] = [];
  const file = configFileSchema.safeParse(json, { reportInput: true });
  if (!file.success) throw new ConfigError(file.error.issues.flatMap((issue) => issueProblems('', issue)));

  const platforms: ConfiguredPlatform[] = [];
  for (const [id, entry] of Object.entries(file.data.platforms)) {
    const prefix = `platforms.${id}`;
    const definition = options.definitions(entry.kind);
    if (definition === undefined) {
      const message = `unknown kind ${JSON.stringify(entry.kind.slice(0, 32))}; known: ${PLATFORM_KINDS.join(', ')}`;
      problems.push({ path: `${prefix}.kind`, message });
      continue;
    }
    const vaulted: string[] = [];
    const resolved = resolveReferences(prefix, entry, definition, options.env, problems, vaulted);
    const parsed = definition.config.safeParse(resolved, { reportInput: true });
    if (!parsed.success) {
      problems.push(...parsed.error.issues.flatMap((issue) => issueProblems(prefix, issue)));
      continue;
    }
    const config = parsed.data;
    const plain = plainHttpProblem(config);
    if (plain !== null)
      problems.push({ path: `${prefix}.baseUrl`, message: plain.replace(/^baseUrl: /, ''), code: 'plain-http' });
    if (config.tls?.ca !== undefined && !readable(resolve(options.configDir, config.tls.ca)))
      problems.push({ path: `${prefix}.tls.ca`, message: 'the certificate file cannot be read', code: 'ca' });
    const origins = secretOrigins(definition, entry);
    platforms.push({ id, kind: definition.kind, definition, config, vaulted, origins, configDir: options.configDir });
  }
  // Two complaints about one field (schema and rule) are one problem.
  problems.push(...twinProblems(platforms));
  const unique = problems.filter(({ path }, at) => problems.findIndex((other) => other.path === path) === at);
  if (unique.length > 0) throw new ConfigError(unique);
  const { quality, retention, consent, gates, import: imports } = file.data;
  return { platforms, quality, retention, consent, gates, imports, configDir: options.configDir, source: json };
}

/** No platforms, no overrides: a station that only looks at pictures. */
export const EMPTY_CONFIG: LoadedConfig = {
  platforms: [],
  quality: undefined,
  configDir: '.',
  source: {},
  remembered: true,
};

/**
 * Reads a configuration file. Throws ConfigError also when the file cannot be read, is not JSON or says a key twice (JSON keeps
 * the last one silently, and a platform would be lost).
 */
export async function readConfigFile(
  path: string,
  env: NodeJS.ProcessEnv,
  definitions: Definitions = everyDefinition,
): Promise<LoadedConfig> {
  const fail = (message: string, at = '') => new ConfigError([{ path: at, message }], path);
  let content: string;
  try {
    content = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw fail(code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`);
  }
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    // The parser's message quotes the text, which holds secrets: only the place is told.
    const place = error instanceof Error ? /\(line \d+ column \d+\)/.exec(error.message)?.[0] : undefined;
    throw fail(`the file is not JSON${place === undefined ? '' : ` ${place}`}`);
  }
  const twice = duplicateKeys(content);
  if (twice.length > 0)
    throw new ConfigError(
      twice.map((at) => ({ path: at, message: 'is there twice' })),
      path,
    );
  try {
    return loadConfig(json, { configDir: dirname(resolve(path)), env, definitions });
  } catch (error) {
    if (error instanceof ConfigError) throw new ConfigError(error.problems, path);
    throw error;
  }
}
