import { z } from 'zod';
import type { Language } from './languages.ts';

/**
 * What a settings form is drawn from: one platform's configuration schema as a list of fields. The station makes it from the schema itself
 * (`platforms/core/form.ts`), so that a form can never ask for something else than the configuration takes.
 */

const words = z.strictObject({ en: z.string(), 'zh-CN': z.string() }) satisfies z.ZodType<Record<Language, string>>;
export type Words = z.infer<typeof words>;

/** Lists of a platform's own that a field's value is an entry of (`Catalogue`). */
const FORM_LISTS = ['groups', 'departments', 'accessLevels'] as const;
export type FormList = (typeof FORM_LISTS)[number];

export const formFieldSchema = z.object({
  /** Where it is in the configuration: `appKey`, `groupIds.staff`. */
  path: z.string(),
  kind: z.enum(['text', 'url', 'secret', 'number', 'flag', 'choice', 'texts', 'numbers']),
  required: z.boolean(),
  /** `connection`: to reach it. `place`: where people go there. `trust`: whom to believe. `more`: what most sites leave alone. */
  section: z.enum(['connection', 'place', 'trust', 'more']),
  label: words,
  help: words,
  /** What counts where it is left empty, in words; null where nothing does. */
  default: words.nullable(),
  choices: z.array(z.object({ value: z.string(), label: words })),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** The platform's list it is chosen from, once the credentials work; `kind`: entries for such people alone. */
  from: z.object({ list: z.enum(FORM_LISTS), kind: z.enum(['staff', 'visitor']).nullable() }).nullable(),
});
export type FormField = z.infer<typeof formFieldSchema>;

/** A field's value as a form has it: `path` → this. An empty field is left out. */
export const formValueSchema = z.union([
  z.string().max(2048),
  z.number(),
  z.boolean(),
  z.array(z.union([z.string().max(256), z.number()])).max(256),
]);
export type FormValue = z.infer<typeof formValueSchema>;
export type FormValues = Record<string, FormValue>;

/** The values of a configuration entry by their paths; what is not a plain value (a reference to the environment) is left out (pure). */
export function flattenEntry(entry: Record<string, unknown>, fields: readonly FormField[]): FormValues {
  const values: FormValues = {};
  for (const { path } of fields) {
    const parsed = formValueSchema.safeParse(at(entry, path));
    if (parsed.success) values[path] = parsed.data;
  }
  return values;
}

function at(entry: unknown, path: string): unknown {
  let value = entry;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, part)?.value;
  }
  return value;
}

/** A configuration entry with the values at their paths; what is empty is left out, and so is what no field is for (pure). */
export function nestValues(values: FormValues, fields: readonly FormField[]): Record<string, unknown> {
  const entry: Record<string, unknown> = {};
  for (const { path } of fields) {
    const value = Object.hasOwn(values, path) ? values[path] : undefined;
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    const [first = path, ...rest] = path.split('.');
    if (rest.length === 0) entry[first] = value;
    else entry[first] = { ...(entry[first] as Record<string, unknown> | undefined), [rest.join('.')]: value };
  }
  return entry;
}
