import { z } from 'zod';
import { deliverySchema } from '../delivery.ts';

/**
 * The calls of the import screen: a table and photos come in as bytes or through a picker of the shell, are mapped, checked without
 * sending anything (dry run), and then run. Paths never cross; files are known by tokens.
 */

const bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array, 'bytes');
const none = z.undefined();
const id = z.string().min(1).max(128);

/** What a column of a table can fill. */
export const importFields = [
  'kind',
  'code',
  'name',
  'name.family',
  'name.given',
  'gender',
  'phone',
  'email',
  'card',
  'idNumber',
  'department',
  'position',
  'remark',
  'validFrom',
  'validTo',
  'visit.host',
  'visit.purpose',
  'visit.company',
  'visit.from',
  'visit.to',
  'photo',
] as const;
const field = z.enum(importFields);
export type ImportField = z.infer<typeof field>;

/** One thing to say about a row. */
const reasonSchema = z.object({
  /** Whose trouble: the row's, a field's, the code's, the photo's, the picture's quality, another face. */
  kind: z.enum(['row', 'field', 'code', 'photo', 'quality', 'face']),
  /** `ragged`, `missing`, `duplicate`, a measure (`yaw`) … */
  code: z.string(),
  /** Plain English for a registrar; no personal data. */
  message: z.string(),
  field: z.string().optional(),
  /** The platform that minds; absent where every one would. */
  platform: z.string().optional(),
  /** Other rows it is about, as numbered in `rows`. */
  lines: z.array(z.number()).optional(),
  value: z.number().nullable().optional(),
  limit: z.object({ min: z.number().optional(), max: z.number().optional() }).optional(),
});
export type ImportReason = z.infer<typeof reasonSchema>;
export const importReasonSchema = reasonSchema;

/** What rows are filtered and counted by: `field:phone`, `code:duplicate`, `quality:yaw`. */
export function reasonKey({ kind, code, field: name }: Pick<ImportReason, 'kind' | 'code' | 'field'>): string {
  return `${kind}:${kind === 'field' ? (name ?? code) : code}`;
}

const problem = z.object({ code: z.string(), fatal: z.boolean(), message: z.string() });

/** A table that was opened, as the mapping step shows it. */
const tableView = z.object({
  format: z.enum(['csv', 'xlsx']),
  /** Null for a workbook. */
  encoding: z.string().nullable(),
  /** Whether the encoding is beyond doubt. */
  certain: z.boolean(),
  encodings: z.array(z.string()),
  delimiter: z.string().nullable(),
  header: z.boolean(),
  /** Whether it is the report of an earlier run. */
  report: z.boolean(),
  columns: z.array(
    z.object({
      index: z.number().int(),
      name: z.string(),
      field: field.nullable(),
      /** The first few cells. */
      sample: z.array(z.string()),
    }),
  ),
  problems: z.array(problem),
});

const VERDICTS = ['new', 'accepted', 'refused', 'skipped'] as const;
export const PHASES = [
  'mapping',
  /** Another process has this table in hand: it goes on when that is done. */
  'waiting',
  'reading',
  'checking',
  'running',
  'delivering',
  'paused',
  'checked',
  'done',
  'cancelled',
  'failed',
  /** The station stopped in the midst of it. */
  'interrupted',
] as const;

const progressSchema = z.object({
  import: id,
  phase: z.enum(PHASES),
  /** Rows dealt with in this phase, and how many there are; `total` null while it is not known. */
  done: z.number().int(),
  total: z.number().int().nullable(),
  /** Rows a second of the last half minute, and milliseconds left at that rate; null while it cannot be told. */
  rate: z.number().nullable(),
  leftMs: z.number().nullable(),
  accepted: z.number().int(),
  refused: z.number().int(),
});
export type ImportProgress = z.infer<typeof progressSchema>;

const summarySchema = z.object({
  rows: z.number().int(),
  accepted: z.number().int(),
  refused: z.number().int(),
  skipped: z.number().int(),
  warned: z.number().int(),
  /** Rows by reason key; a row counts once for each. */
  reasons: z.record(z.string(), z.number().int()),
  warnings: z.record(z.string(), z.number().int()),
  /** Deliveries by platform and state. */
  deliveries: z.record(z.string(), z.record(z.string(), z.number().int())),
});
export type ImportSummary = z.infer<typeof summarySchema>;

/** What is to be done with the rows, as it was last said. */
export const importSettingsSchema = z.object({
  to: z.array(id),
  kind: z.enum(['staff', 'visitor']),
  dates: z.enum(['dmy', 'mdy']).nullable(),
  onDuplicate: z.enum(['warn', 'stop']),
  onExisting: z.enum(['update', 'stop']),
  onSimilar: z.enum(['ask', 'stop']),
  onlyFailed: z.boolean(),
});

const importView = z.object({
  id,
  name: z.string(),
  table: tableView.nullable(),
  photos: z
    .object({ kind: z.enum(['folder', 'zip', 'uploads']), files: z.number().int(), refused: z.number().int() })
    .nullable(),
  progress: progressSchema,
  summary: summarySchema,
  /** What is being done, or was when the station stopped; null otherwise. */
  doing: z.enum(['check', 'run']).nullable(),
  /** Null until rows were checked or run. */
  settings: importSettingsSchema.nullable(),
  /** What ended it, in plain words. */
  error: z.string().nullable(),
});
export type ImportView = z.infer<typeof importView>;

const rowView = z.object({
  line: z.number().int(),
  code: z.string(),
  name: z.string(),
  verdict: z.enum(VERDICTS),
  reasons: z.array(reasonSchema),
  warnings: z.array(reasonSchema),
  /** Small JPEG with the face marked, where it was asked for and the photo is at hand. */
  thumbnail: bytes.nullable(),
  deliveries: z.array(deliverySchema.pick({ platform: true, state: true, personId: true, error: true })),
});
export type ImportRow = z.infer<typeof rowView>;

/** How a table is read where the guess was wrong. Absent: guessed. */
const reading = {
  encoding: z.string().max(32).optional(),
  delimiter: z.string().length(1).optional(),
  header: z.boolean().optional(),
  /** Field by header (`Header#2` for the second of that name, `#3` for the third column); null leaves the column out. */
  mapping: z.record(z.string().max(1024), field.nullable()).optional(),
};

const settings = {
  to: z.array(id).min(1).max(64),
  kind: z.enum(['staff', 'visitor']).default('staff'),
  dates: z.enum(['dmy', 'mdy']).nullable().default(null),
  onDuplicate: z.enum(['warn', 'stop']).default('warn'),
  onExisting: z.enum(['update', 'stop']).default('update'),
  onSimilar: z.enum(['ask', 'stop']).default('ask'),
  onlyFailed: z.boolean().default(false),
  concurrency: z.number().int().min(1).max(32).optional(),
};

export const importCalls = {
  /** Begins handing over a file (`table`, `zip`) or files (`folder`) as bytes; its token. */
  'import.upload': {
    input: z.strictObject({ what: z.enum(['table', 'zip', 'folder']), name: z.string().max(255) }),
    output: z.object({ token: id }),
  },
  /** The next part (at most 8 MB) of a file, or one whole photo of a folder under its name. */
  'import.part': { input: z.strictObject({ token: id, name: z.string().max(1024).optional(), bytes }), output: none },
  /** Lets a person choose in a dialog of the shell; null when they did not. Fault `no-picker` where the shell has none. */
  'import.pick': {
    input: z.strictObject({ what: z.enum(['table', 'zip', 'folder']) }),
    output: z.object({ token: id, name: z.string() }).nullable(),
  },
  /** What was handed over is not wanted any more. */
  'import.discard': { input: z.strictObject({ token: id }), output: none },
  /** Opens a table, and photos where there are some; the mapping is guessed and can be changed by `import.read`. */
  'import.open': {
    /** `photosOf`: an import whose photos are these rows' as well, where none are given. */
    input: z.strictObject({ table: id, photos: id.nullable(), photosOf: id.optional(), ...reading }),
    output: importView,
  },
  /** Reads the table again, otherwise, and takes (other) photos. The mapping is remembered for tables with the same columns. */
  'import.read': { input: z.strictObject({ id, photos: id.optional(), ...reading }), output: importView },
  /** Tells all that would happen, and sends nothing. Returns at once; `import.changed` tells how it goes. */
  'import.check': { input: z.strictObject({ id, ...settings }), output: importView },
  /** Checks what was not checked and enrols every good row. Returns at once. */
  'import.run': { input: z.strictObject({ id, ...settings }), output: importView },
  'import.pause': { input: z.strictObject({ id }), output: importView },
  'import.resume': { input: z.strictObject({ id }), output: importView },
  /** Stops, and gives up what was not sent yet; running it again takes that up. */
  'import.cancel': { input: z.strictObject({ id }), output: importView },
  /** The imports this station has open, the latest last; and those an earlier one left unfinished, whose tables it does not know by name. */
  'import.list': {
    input: none,
    output: z.object({
      open: z.array(z.object({ id, name: z.string(), progress: progressSchema })),
      left: z.array(z.object({ id, at: z.number(), rows: z.number().int(), unchecked: z.number().int() })),
    }),
  },
  'import.get': { input: z.strictObject({ id }), output: importView },
  'import.rows': {
    input: z.strictObject({
      id,
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(200).default(50),
      verdict: z.enum(VERDICTS).optional(),
      /** A key as in the summary. */
      reason: z.string().max(128).optional(),
      /** A part of codes or names; case does not count. */
      query: z.string().max(255).optional(),
      /** These alone. */
      lines: z.array(z.number().int().min(1)).max(20).optional(),
      thumbnails: z.boolean().default(false),
    }),
    output: z.object({ total: z.number().int(), rows: z.array(rowView) }),
  },
  /** Gives a row another photo, which is looked at. */
  'import.replace': { input: z.strictObject({ id, line: z.number().int().min(1), bytes }), output: rowView },
  /**
   * What a person says of rows that look like one person twice. `out`: this row is left out; `back`: it is not, after all; `apart`: it and
   * the other rows (all people of earlier imports where none are named) are different people.
   */
  'import.decide': {
    input: z.strictObject({
      id,
      line: z.number().int().min(1),
      decision: z.enum(['out', 'back', 'apart']),
      others: z.array(z.number().int().min(1)).max(20).default([]),
    }),
    output: rowView,
  },
  /** The report as a CSV file, and the contact sheet as an HTML file. */
  'import.report': { input: z.strictObject({ id }), output: z.object({ name: z.string(), bytes }) },
  'import.sheet': { input: z.strictObject({ id }), output: z.object({ name: z.string(), html: z.string() }) },
  /** Forgets an import, its rows and its files. What was enrolled stays. */
  'import.forget': { input: z.strictObject({ id }), output: none },
} as const;

export const importEvents = { 'import.changed': progressSchema } as const;
