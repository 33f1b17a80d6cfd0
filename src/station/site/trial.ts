import type { ConnectorDeps } from '#platforms/contract';
import { plainHttpProblem } from '#platforms/core/config';
import { shownCertificate } from '#platforms/core/tls';
import type { Catalogue } from '#platforms/site-contract';
import type { Certificate, SiteTrial } from '#shared/calls/site';
import type { Fault } from '#shared/fault';
import { type FormField, flattenEntry } from '#shared/platform-form';
import type { ConfiguredPlatform } from '../api.ts';
import { asked } from '../care.ts';
import { createPlatforms, type SecretLookup } from '../platforms.ts';
import { listsLine, placeLines, trialLines } from './diagnosis.ts';

/** A platform that hangs must not hold the form. */
const PATIENCE_MS = 20_000;
const CERTIFICATE_MS = 5_000;

export interface TrialDeps extends Pick<ConnectorDeps, 'now' | 'sleep'> {
  unexpected(what: string, error: unknown): void;
}

/** The certificate that a platform's address shows; null over plain HTTP, or where none is shown. */
export function certificateAt(baseUrl: string): Promise<Certificate | null> {
  const url = new URL(baseUrl);
  if (url.protocol !== 'https:') return Promise.resolve(null);
  return shownCertificate(url.hostname.replace(/^\[|\]$/g, ''), Number(url.port) || 443, CERTIFICATE_MS);
}

/** Tries a platform over connections of its own, which are closed afterwards; what is configured is not touched. */
export async function tryPlatform(
  deps: TrialDeps,
  platform: ConfiguredPlatform,
  fields: readonly FormField[],
  secret: SecretLookup,
  unset: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Omit<SiteTrial, 'problems'>> {
  const { id, config } = platform;
  const url = new URL(config.baseUrl);
  const alone = { platforms: [platform], configDir: platform.configDir ?? '.', quality: undefined, source: {} };
  const platforms = createPlatforms(alone, deps, secret);
  const patient = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const ask = <T>(call: () => Promise<T>) => asked(deps, id, call);
  try {
    const told = await ask(() => platforms.connector(id).test(patient));
    const fault = 'fault' in told ? told.fault : null;
    const certificate = isUntrusted(fault) ? await certificateAt(config.baseUrl) : null;
    const facts = {
      secure: url.protocol === 'https:',
      plain: plainHttpProblem({ baseUrl: config.baseUrl }) !== null,
      certificate,
      now: deps.now(),
    };
    const lines = trialLines('value' in told ? told.value : told, facts);
    if ('fault' in told) {
      // Those who may not do one thing may do another: a wrong place can be put right from the list.
      const lists = told.fault.kind === 'validation' ? await listsOf(platforms, id, ask, patient) : null;
      const known = lists !== null && !('fault' in lists) ? lists : null;
      // A place that was not chosen yet is no mistake.
      const chosen = lines.filter(({ step, about }) => step !== 'places' || !unset.has(about ?? ''));
      const open = chosen.length < lines.length ? placeLines({}, fields, known, unset) : [];
      return { lines: [...chosen, ...open], certificate, lists: known, detail: null };
    }
    const lists = await listsOf(platforms, id, ask, patient);
    const known = lists === null || 'fault' in lists ? null : lists;
    const values = flattenEntry({ ...config }, fields);
    return {
      lines: [...lines, ...(lists === null ? [] : [listsLine(lists)]), ...placeLines(values, fields, known, unset)],
      certificate: null,
      lists: known,
      detail: told.value.detail,
    };
  } finally {
    await platforms.close();
  }
}

const isUntrusted = (fault: Fault | null): boolean => fault?.kind === 'unreachable' && fault.code === 'tls';

async function listsOf(
  platforms: ReturnType<typeof createPlatforms>,
  id: string,
  ask: <T>(call: () => Promise<T>) => Promise<{ value: T } | { fault: Fault }>,
  signal: AbortSignal,
): Promise<Catalogue | { fault: Fault } | null> {
  if (!platforms.get(id).definition.capabilities.includes('catalogue')) return null;
  const connector = platforms.connector(id);
  const told = await ask(async () => (await connector.catalogue?.(signal)) ?? null);
  return 'fault' in told ? told : told.value;
}
