import type { z } from 'zod';

/** The first thing wrong with a request's fields: which one, and whether it is absent altogether. */
export interface FieldFault {
  field: string;
  missing: boolean;
}

export type Checked<T> = { ok: true; value: T } | ({ ok: false } & FieldFault);

/** Checks fields against a schema. Platforms word their own errors, so only the first faulty field is told. */
export function checkFields<T>(schema: z.ZodType<T>, value: unknown): Checked<T> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const path = result.error.issues[0]?.path ?? [];
  return { ok: false, field: path.map(String).join('.') || '(body)', missing: isMissing(value, path) };
}

/** Whether the faulty field was not sent: what holds it is there, but has no such key. */
function isMissing(value: unknown, path: PropertyKey[]): boolean {
  let here: unknown = value;
  for (const key of path) {
    // Text that was to be split into a list is present, however wrong its items are.
    if (typeof here !== 'object' || here === null) return false;
    here = (here as Record<PropertyKey, unknown>)[key];
  }
  return here === undefined;
}
