import type { TestReport } from '#platforms/contract';
import type { Catalogue } from '#platforms/site-contract';
import type { Certificate, TrialLine } from '#shared/calls/site';
import type { Fault } from '#shared/fault';
import type { FormField } from '#shared/platform-form';

type Step = TrialLine['step'];
type Code = TrialLine['code'];

/** What is known about a try beside its outcome. */
export interface TrialFacts {
  secure: boolean;
  /** Plain HTTP to another machine. */
  plain: boolean;
  /** The certificate presented, where it was not trusted. */
  certificate: Certificate | null;
  now: number;
}

/** Reaching, encryption, an answer, credentials: in this order each needs the ones before it. */
const ORDER: readonly Step[] = ['reach', 'tls', 'service', 'credentials', 'clock'];

const NETWORK: Readonly<Record<string, Code>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ECONNREFUSED: 'refused',
  'connect-time-out': 'no-answer',
  ETIMEDOUT: 'no-answer',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
};

/** Answers of something that is no platform, or not at this path. */
const ELSEWHERE = /^(html|json|empty|shape|http-4\d\d)$/;

/** Below this a clock is as good as ours; above the other, platforms begin to refuse signatures (the narrowest window is 5 minutes). */
const SKEW = { noticeMs: 5_000, badMs: 60_000 } as const;

function line(step: Step, state: TrialLine['state'], code: Code, more: Partial<TrialLine> = {}): TrialLine {
  return { step, state, code, about: null, fault: null, ...more };
}

/** Where a fault belongs, and what it is called there (pure). */
function placeOf(fault: Fault, { certificate, now }: TrialFacts): { step: Step; code: Code } {
  const { kind, code, field } = fault;
  switch (kind) {
    case 'unreachable':
      if (code !== 'tls') return { step: 'reach', code: NETWORK[code] ?? 'unreachable' };
      if (field === 'tls.fingerprint256') return { step: 'tls', code: 'changed' };
      if (certificate === null) return { step: 'tls', code: 'no-tls' };
      return { step: 'tls', code: Date.parse(certificate.validTo) < now ? 'expired' : 'untrusted' };
    case 'time-out':
      return { step: 'service', code: code === 'headers' || code === 'body' ? 'silent' : 'broken' };
    case 'protocol':
      if (ELSEWHERE.test(code)) return { step: 'service', code: 'path' };
      if (code === 'http') return { step: 'service', code: 'not-http' };
      return { step: 'service', code: /^http-3\d\d$/.test(code) ? 'redirect' : 'other' };
    case 'server':
      return { step: 'service', code: 'trouble' };
    case 'rate':
      return { step: 'service', code: 'busy' };
    case 'auth':
      return { step: 'credentials', code: 'key' };
    case 'clock':
      return { step: 'clock', code: 'skew' };
    default:
      return { step: 'places', code: field === undefined ? 'other' : 'field' };
  }
}

/** What trying a platform told, step by step (pure). */
export function trialLines(outcome: TestReport | { fault: Fault }, facts: TrialFacts): TrialLine[] {
  const fine = ORDER.map((step) => {
    if (step !== 'tls') return line(step, 'good', 'fine');
    if (facts.secure) return line('tls', 'good', 'fine');
    return facts.plain ? line('tls', 'warn', 'plain') : line('tls', 'good', 'local');
  });
  if (!('fault' in outcome)) return fine.map((one) => (one.step === 'clock' ? clockLine(outcome.skewMs) : one));
  const { fault } = outcome;
  const { step, code } = placeOf(fault, facts);
  const bad = line(step, 'bad', code, { fault, about: fault.field ?? null });
  if (step === 'places') return [...fine.filter((one) => one.step !== 'clock'), bad];
  // A refusal because of the clock says nothing of the keys.
  const last = step === 'clock' ? ORDER.indexOf('credentials') : ORDER.indexOf(step);
  return fine.map((one, index) => {
    if (one.step === step) return bad;
    return index < last ? one : line(one.step, 'skipped', 'skipped');
  });
}

function clockLine(skewMs: number | null): TrialLine {
  if (skewMs === null) return line('clock', 'skipped', 'clock-unknown');
  const about = String(skewMs);
  const off = Math.abs(skewMs);
  if (off < SKEW.noticeMs) return line('clock', 'good', 'fine', { about });
  return line('clock', 'warn', off < SKEW.badMs ? 'skew-small' : 'skew', { about });
}

/** Whether the platform's lists could be read (pure). */
export function listsLine(told: Catalogue | { fault: Fault }): TrialLine {
  if (!('fault' in told)) return line('lists', 'good', 'fine');
  const { fault } = told;
  return line('lists', 'warn', fault.kind === 'auth' ? 'right' : 'unreadable', { fault });
}

/**
 * Whether what the entry names is in the platform's lists, and opens anything (pure). One line a field; one that all is well where it is.
 * @param unset fields that must be there and are not yet chosen
 */
export function placeLines(
  values: Readonly<Record<string, unknown>>,
  fields: readonly FormField[],
  lists: Catalogue | null,
  unset: ReadonlySet<string>,
): TrialLine[] {
  const lines = fields.flatMap(({ path, from }) => {
    if (from === null) return [];
    if (unset.has(path)) return [line('places', 'warn', 'unset', { about: path })];
    const value = Object.hasOwn(values, path) ? values[path] : undefined;
    const ids = (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
    if (ids.length === 0 && from.list === 'accessLevels') return [line('places', 'warn', 'no-access', { about: path })];
    if (lists === null) return [];
    const known = new Set(
      lists[from.list]
        .filter(({ kind }) => kind === null || from.kind === null || kind === from.kind)
        .map(({ id }) => id),
    );
    return ids.every((id) => known.has(id)) ? [] : [line('places', 'bad', 'unknown-id', { about: path })];
  });
  if (lines.length > 0) return lines;
  return lists !== null && fields.some(({ from }) => from !== null) ? [line('places', 'good', 'fine')] : [];
}
