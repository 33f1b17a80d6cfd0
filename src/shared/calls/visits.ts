import { z } from 'zod';
import { faultSchema } from '../fault.ts';
import { personSchema } from '../person.ts';
import { platformPassSchema, visitSchema } from '../visits.ts';
import { importReasonSchema } from './import.ts';

const id = z.string().min(1).max(128);
const bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array, 'bytes');
/** Far more than a day's visitors. */
export const MOST_LIST_BYTES = 2_000_000;
const query = z.string().trim().max(255);

/** A visitor as registered ahead: a person whose code, where they bring none, the station makes. */
const expectedVisitor = personSchema.extend({ kind: z.literal('visitor'), code: personSchema.shape.code.optional() });

const hostSchema = z.object({ code: z.string(), name: z.string(), department: z.string().nullable() });

/** Visits: who is expected, who is here, who has left. A visitor's enrolment at the desk begins their visit. */
export const visitCalls = {
  /**
   * `today`: whose time touches this day by the station's clock, who left on it, and whoever is still here. `later`: registered for another
   * day. Who needs somebody first (overstaying, overdue), then here, expected and left, each by their time.
   */
  'visits.list': {
    input: z.strictObject({ when: z.enum(['today', 'later']) }),
    output: z.array(visitSchema),
  },
  /** Registers somebody who will come. Their picture is taken when they do. */
  'visits.register': { input: z.strictObject({ person: expectedVisitor }), output: visitSchema },
  /**
   * Registers everybody of a list (CSV or .xlsx with a header: name, phone, company, host, purpose, from, to …). All of it or, where a row is
   * wrong, nothing: `problems` says what. Rows are counted as a spreadsheet counts them, the header being 1. Who was here before beyond doubt
   * keeps their code (`reused`); who is registered for that time already is not registered twice (`already`).
   */
  'visits.import': {
    input: z.strictObject({ file: bytes.refine(({ byteLength }) => byteLength <= MOST_LIST_BYTES, 'at most 2 MB') }),
    output: z.object({
      registered: z.number().int(),
      reused: z.number().int(),
      already: z.number().int(),
      problems: z.array(z.object({ row: z.number().int(), reason: importReasonSchema })),
    }),
  },
  /**
   * Who a visitor may be of those known here, most certain first, at most three: `sure` under the same name and telephone number or e-mail
   * address, the others by one of these alone, or by name and company.
   */
  'visits.resembling': {
    input: z.strictObject({
      name: z.string().trim().max(255),
      phone: z.string().trim().max(64).optional(),
      email: z.string().trim().max(255).optional(),
      company: z.string().trim().max(255).optional(),
    }),
    output: z.array(
      z.object({ person: personSchema, name: z.string(), lastVisit: z.number(), come: z.boolean(), sure: z.boolean() }),
    ),
  },
  /** Takes back the registration of somebody who has not come. */
  'visits.cancel': { input: z.strictObject({ id }), output: z.undefined() },
  /** Somebody whose picture was taken before has come. */
  'visits.checkIn': { input: z.strictObject({ id }), output: visitSchema },
  /** Somebody leaves: the visit ends, and access is taken away on every platform that has them. Again where a platform could not be reached. */
  'visits.checkOut': {
    input: z.strictObject({ id }),
    output: z.object({
      visit: visitSchema,
      results: z.array(z.object({ platform: id, removed: z.boolean(), fault: faultSchema.nullable() })),
    }),
  },
  /** The passes of a visitor's enrolment, one for each platform that gives any and has them. Asked for anew each time: some last a minute. */
  'visits.passes': { input: z.strictObject({ enrolment: id }), output: z.array(platformPassSchema) },
  /** A visitor's picture for a badge: the station's while it is kept, else the one a platform has; null where there is none. */
  'visits.picture': {
    input: z.strictObject({ id }),
    output: z.object({
      picture: bytes.nullable(),
    }),
  },
  /** Visitors who were here before, by name, phone or company, last visit first; nobody for an empty query. */
  'visits.known': {
    input: z.strictObject({ query }),
    output: z.array(z.object({ person: personSchema, name: z.string(), lastVisit: z.number() })),
  },
  /** Staff a visitor may come to see, by the beginning of their code or of a word of their name: at once, of those known here. */
  'visits.hosts': { input: z.strictObject({ query }), output: z.array(hostSchema) },
  /** The same on one platform that can be searched, within a few seconds; `fault` where it could not be asked. */
  'visits.hostsOn': {
    input: z.strictObject({ query, platform: id }),
    output: z.object({ hosts: z.array(hostSchema), fault: faultSchema.nullable() }),
  },
} as const;
