import type { PlatformDraft, SiteView } from '#shared/calls/site';
import type { FormField, FormValue, FormValues, Words } from '#shared/platform-form';

/** A platform's form as it is typed: text for what is one value, a list for what is several, yes or no. By path. */
export type Typed = Readonly<Record<string, string | boolean | readonly string[]>>;

/** Words for a field in the reader's language. */
export function wordsIn(text: Words, language: string): string {
  return language === 'zh-CN' ? text['zh-CN'] : text.en;
}

/** What is typed where nothing was: a form as it is opened (pure). */
export function typedOf(fields: readonly FormField[], values: FormValues): Typed {
  return Object.fromEntries(fields.map((field) => [field.path, typedValue(field, values[field.path])]));
}

function typedValue({ kind }: FormField, value: FormValue | undefined): Typed[string] {
  if (kind === 'flag') return value === true;
  if (kind === 'texts' || kind === 'numbers') return Array.isArray(value) ? value.map(String) : [];
  return value === undefined || Array.isArray(value) ? '' : String(value);
}

/** What was typed as the station takes it (pure). A number that is none goes as it is: the station says so at its field. */
export function draftOf(
  kind: string,
  fields: readonly FormField[],
  typed: Typed,
  secrets: Readonly<Record<string, string>>,
  caPem: string | null,
): PlatformDraft {
  const values: FormValues = {};
  for (const field of fields) {
    if (field.kind === 'secret') continue;
    const value = drafted(field, typed[field.path]);
    if (value !== null) values[field.path] = value;
  }
  return {
    kind,
    values,
    secrets: Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== '')),
    ...(caPem !== null && { caPem }),
  };
}

/** Whether the station would take something else than before (pure): what was typed and taken back is no change. */
export function isChanged(
  fields: readonly FormField[],
  was: { values: FormValues; id: string },
  now: { typed: Typed; secrets: Readonly<Record<string, string>>; caPem: string | null; id: string },
): boolean {
  const taken = (...[typed, secrets, caPem]: [Typed, Readonly<Record<string, string>>, string | null]) =>
    JSON.stringify(draftOf('', fields, typed, secrets, caPem));
  return (
    now.id.trim() !== was.id ||
    taken(now.typed, now.secrets, now.caPem) !== taken(typedOf(fields, was.values), {}, null)
  );
}

const number = (text: string): string | number => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

function drafted({ kind }: FormField, typed: Typed[string] | undefined): FormValue | null {
  // No and not said are the same to every platform.
  if (typeof typed === 'boolean') return typed ? true : null;
  if (typeof typed === 'string') {
    const text = typed.trim();
    if (text === '') return null;
    return kind === 'number' ? number(text) : text;
  }
  const list = (typed ?? []).map((one) => one.trim()).filter((one) => one !== '');
  if (list.length === 0) return null;
  return kind === 'numbers' ? list.map(number) : list;
}

/** Several values as one line, and back. */
export const listText = (list: readonly string[]): string => list.join(', ');
export const textList = (text: string): string[] => text.split(/[,，;\s]+/).filter((one) => one !== '');

/** A name for a new platform of a kind that no other has (pure): `device`, `device-2`. */
export function freeId(kind: string, taken: readonly string[]): string {
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? kind : `${kind}-${n}`;
    if (!taken.includes(id)) return id;
  }
}

type Entry = { id: string; name: string; parent: string | null };

/** Entries of a tree with the names of those above them, so that two of one name can be told apart (pure). */
export function entryNames(entries: readonly Entry[]): { id: string; name: string }[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const path = (entry: Entry, depth = 0): string => {
    const above = entry.parent === null || depth > 16 ? undefined : byId.get(entry.parent);
    return above === undefined ? entry.name : `${path(above, depth + 1)} / ${entry.name}`;
  };
  return entries.map((entry) => ({ id: entry.id, name: path(entry) }));
}

/** The fields of a kind; none of one that is not known. */
export function fieldsOf(view: SiteView, kind: string): readonly FormField[] {
  return view.kinds.find((one) => one.kind === kind)?.fields ?? [];
}
