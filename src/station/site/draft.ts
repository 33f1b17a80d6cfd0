import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import type { PlatformDraft, SiteProblem } from '#shared/calls/site';
import { SITE_PROBLEMS } from '#shared/calls/site';
import { type FormField, nestValues } from '#shared/platform-form';
import type { Entry, Problems } from './kept.ts';

const variable = z.strictObject({ env: z.string().min(1) });

/** The variable of the environment that a field names; null where it names none. */
export function variableOf(value: unknown): string | null {
  const parsed = variable.safeParse(value);
  return parsed.success ? parsed.data.env : null;
}

/** What becomes of a form: the entry to be kept, the secrets for the vault, and what stands in the way. */
export interface Drafted {
  entry: Entry;
  /** By field; they go into the vault, and the entry refers to it. */
  secrets: Record<string, string>;
  problems: SiteProblem[];
}

/**
 * A form as an entry of the configuration (pure). What was not touched stays as it was: references to the environment, and secrets, which the
 * page never had. A secret goes only to the address it was set for, and to whoever shows the certificate that was trusted then: with another
 * one it has to be typed again, so that nobody at the desk can send it to a place of their own.
 * @param before the entry as it is kept; null for a new platform
 * @param configDir folder of an earlier configuration that the entry's file names are relative to; null where they are to stay as they are
 */
export function draftEntry(
  draft: PlatformDraft,
  before: Entry | null,
  fields: readonly FormField[],
  configDir: string | null,
): Drafted {
  const plain = fields.filter(({ kind }) => kind !== 'secret');
  const entry: Entry = { kind: draft.kind, ...nestValues(draft.values, plain) };
  for (const { path } of plain)
    if (before !== null && entry[path] === undefined && variableOf(before[path]) !== null) entry[path] = before[path];
  const secrets: Record<string, string> = {};
  const problems: SiteProblem[] = [];
  const moved = before !== null && !(isSameOrigin(before.baseUrl, entry.baseUrl) && isSameTrust(before, entry, draft));
  const file = certificateOf(entry);
  // A page names no files: the one there is may stay, another one comes as text.
  if (file !== null && file !== certificateOf(before ?? {}))
    problems.push({ path: 'tls.ca', code: 'ca', message: 'a certificate is handed over, not named' });
  if (file !== null && configDir !== null && !isAbsolute(file))
    entry.tls = { ...(entry.tls as Entry), ca: resolve(configDir, file) };
  for (const { path, required } of fields.filter(({ kind }) => kind === 'secret')) {
    const typed = Object.hasOwn(draft.secrets, path) ? draft.secrets[path] : undefined;
    const old = before?.[path];
    if (typed !== undefined) secrets[path] = typed;
    else if (old !== undefined && moved)
      problems.push({
        path,
        code: 'retype',
        message: 'the address or the trusted certificate is another one: give the secret again',
      });
    else if (typeof old === 'string') secrets[path] = old;
    else if (old !== undefined) entry[path] = old;
    else if (required) problems.push({ path, code: 'missing', message: 'is missing' });
    if (secrets[path] !== undefined) entry[path] = { vault: true };
  }
  return { entry, secrets, problems };
}

/** The file of the CA's certificate that an entry names; null where it names none. */
export const certificateOf = (entry: Entry): string | null => trusted(entry, 'ca');

function trusted({ tls }: Entry, what: 'ca' | 'fingerprint256'): string | null {
  const value: unknown = typeof tls === 'object' && tls !== null ? Reflect.get(tls, what) : undefined;
  return typeof value === 'string' ? value : null;
}

/** Whether the same certificates are believed as before; another one that came with the form is another one. */
function isSameTrust(before: Entry, entry: Entry, { caPem }: PlatformDraft): boolean {
  const plain = (value: string | null) => value?.replaceAll(':', '').toUpperCase() ?? null;
  return (
    caPem === undefined &&
    certificateOf(before) === certificateOf(entry) &&
    plain(trusted(before, 'fingerprint256')) === plain(trusted(entry, 'fingerprint256'))
  );
}

function isSameOrigin(a: unknown, b: unknown): boolean {
  const origin = (value: unknown) => (typeof value === 'string' && URL.canParse(value) ? new URL(value).origin : null);
  return JSON.stringify(a) === JSON.stringify(b) || (origin(a) !== null && origin(a) === origin(b));
}

const CODES: ReadonlySet<string> = new Set(SITE_PROBLEMS);
const isCode = (code: string | undefined): code is SiteProblem['code'] => code !== undefined && CODES.has(code);

/** What the configuration's own rules say, as a form shows it (pure). */
export function formProblems(problems: Problems): SiteProblem[] {
  return problems.map(({ path, message, code }) => ({ path, message, code: isCode(code) ? code : 'wrong' }));
}
