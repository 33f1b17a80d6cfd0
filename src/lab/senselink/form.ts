import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

/** A file of a form, with the content type its part declared. */
interface FormFile {
  mimetype: string;
  bytes: Buffer;
}

/** A request's parameters, those of the URL and those of a multipart form together. */
export interface Form {
  /** Every value of a parameter, in order. */
  values: Map<string, string[]>;
  files: Map<string, FormFile>;
}

/** Reads URL and form; null where a POST is no `multipart/form-data` ("POST: form-data" throughout chapter 6). */
export async function readForm(request: FastifyRequest): Promise<Form | null> {
  const form: Form = { values: new Map(), files: new Map() };
  for (const [name, value] of Object.entries(request.query as Record<string, string | string[]>))
    form.values.set(name, Array.isArray(value) ? value : [value]);
  if (request.method !== 'POST') return form;
  if (!request.isMultipart()) return null;
  for await (const part of request.parts()) {
    if (part.type === 'file') form.files.set(part.fieldname, { mimetype: part.mimetype, bytes: await part.toBuffer() });
    else form.values.set(part.fieldname, [...(form.values.get(part.fieldname) ?? []), String(part.value)]);
  }
  return form;
}

/** The parameters as an object for a schema: single values as text, a repeated parameter as a list. */
export function fields(form: Form): Record<string, unknown> {
  return Object.fromEntries([...form.values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]));
}

/** Text up to a length in characters; may be empty unless `min` says otherwise. */
export const text = (max: number, min = 0) => z.string().min(min).max(max);

/** A whole number of 0 or more, sent as digits. */
export const digits = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** A page number or size, sent as digits. */
export const ordinal = (fallback: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number)
    .default(fallback);

/** A list of ids: the parameter repeated, or one value with commas; an empty value is the empty list. */
export const idList = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : value === '' ? [] : value.split(',')))
  .pipe(z.array(digits));

/** `YYYY-MM-DD HH:mm:ss` (chapter 6.3.4), and a date that exists. */
export const dateTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)
  .refine((value) => {
    const parsed = new Date(`${value.replace(' ', 'T')}Z`);
    return !Number.isNaN(parsed.getTime()) && parsed.toISOString().slice(0, 19).replace('T', ' ') === value;
  });
