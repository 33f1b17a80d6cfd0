import { z } from 'zod';
import { faultSchema } from '../fault.ts';
import { formFieldSchema, formValueSchema } from '../platform-form.ts';
import { platformIdSchema } from '../platform-id.ts';
import { qualityConfigSchema } from '../quality.ts';

/** Calls about the platforms of a site as an administrator sets them up. Secrets go in and never come out. */

const none = z.undefined();
const newId = platformIdSchema;
const anyId = z.string().min(1).max(128);

const kind = z.object({
  kind: z.string(),
  title: z.string(),
  fields: z.array(formFieldSchema),
});

/** Why a field cannot be as it is; `wrong` is told by the message alone. */
export const SITE_PROBLEMS = [
  'missing',
  'url',
  'artemis',
  'plain-http',
  'twin',
  'ca',
  'taken',
  'id',
  'variable',
  'retype',
  'wrong',
] as const;

const problem = z.object({
  /** The field's path; empty for the whole. `id`: the platform's name. */
  path: z.string(),
  code: z.enum(SITE_PROBLEMS),
  /** English, without values. */
  message: z.string(),
});
export type SiteProblem = z.infer<typeof problem>;

const platform = z.object({
  id: anyId,
  kind: z.string(),
  /** Where it is written: in what the station was started with (then it is changed there), or kept here. */
  from: z.enum(['start', 'kept']),
  /** Fields that are plain values. */
  values: z.record(z.string(), formValueSchema),
  /** Fields that name a variable of the environment. */
  variables: z.record(z.string(), z.string()),
  /** Secrets: whether there is one and where it comes from. */
  secrets: z.array(
    z.object({
      field: z.string(),
      origin: z.enum(['config', 'env', 'vault', 'none']),
      set: z.boolean(),
      updatedAt: z.number().nullable(),
    }),
  ),
  /** Why it is not in use although it is kept here; empty when it is. */
  problems: z.array(problem),
  /** Deliveries that wait for it, and people it has. */
  waiting: z.number().int(),
  people: z.number().int(),
});
export type SitePlatform = z.infer<typeof platform>;

export const platformDraft = z.strictObject({
  kind: z.string().min(1).max(32),
  values: z.record(z.string().max(64), formValueSchema),
  /** Those that were typed; one that is left out stays as it is. */
  secrets: z.record(z.string().max(64), z.string().min(1).max(4096)),
  /** The text of a CA's certificate that was just chosen; it becomes `tls.ca`. */
  caPem: z.string().max(200_000).optional(),
});
export type PlatformDraft = z.infer<typeof platformDraft>;

const certificate = z.object({
  fingerprint256: z.string(),
  subject: z.string(),
  issuer: z.string(),
  validFrom: z.string(),
  validTo: z.string(),
});
export type Certificate = z.infer<typeof certificate>;

/** One line of what trying a platform told, in the order in which things have to work. */
const TRIAL_STEPS = ['reach', 'tls', 'service', 'credentials', 'clock', 'lists', 'places'] as const;
/** What a line says; with `step` it names its words. */
const TRIAL_CODES = [
  'fine',
  'skipped',
  'dns',
  'refused',
  'no-answer',
  'no-route',
  'unreachable',
  'silent',
  'broken',
  'untrusted',
  'changed',
  'no-tls',
  'expired',
  'plain',
  'local',
  'path',
  'not-http',
  'redirect',
  'trouble',
  'busy',
  'key',
  'right',
  'skew',
  'skew-small',
  'clock-unknown',
  'unreadable',
  'unknown-id',
  'unset',
  'no-access',
  'field',
  'other',
] as const;
const trialLine = z.object({
  step: z.enum(TRIAL_STEPS),
  state: z.enum(['good', 'warn', 'bad', 'skipped']),
  code: z.enum(TRIAL_CODES),
  /** What the words have in them: a host, a field's path, milliseconds. Never a secret. */
  about: z.string().nullable(),
  /** As the platform or the network said it. */
  fault: faultSchema.nullable(),
});
export type TrialLine = z.infer<typeof trialLine>;

const entry = z.object({
  id: z.string(),
  name: z.string(),
  parent: z.string().nullable(),
  kind: z.enum(['staff', 'visitor']).nullable(),
});
const lists = z.object({ groups: z.array(entry), departments: z.array(entry), accessLevels: z.array(entry) });

/** The longest time something may be kept, unless it is without end. */
export const MOST_DAYS = 36_500;
const days = z.number().min(0).max(MOST_DAYS);

/** How long a desk keeps what it no longer needs, in days; null keeps it. The configuration's `retention` outranks it field by field. */
export const retentionSettings = z.strictObject({
  deliveredPhotosDays: days,
  failedPhotosDays: days,
  receiptsDays: days.nullable(),
  visitsDays: days.nullable(),
});
export type RetentionSettings = z.infer<typeof retentionSettings>;

export const RETENTION_DEFAULTS: RetentionSettings = {
  deliveredPhotosDays: 0,
  failedPhotosDays: 7,
  receiptsDays: 365,
  visitsDays: 30,
};

export const siteCalls = {
  'site.get': {
    input: none,
    output: z.object({
      kinds: z.array(kind),
      platforms: z.array(platform),
      /** Whether the station was started with a configuration: what that says counts, here and at the next start. */
      started: z.boolean(),
      /** Quality and retention as the configuration has them; what it names cannot be changed here. */
      quality: qualityConfigSchema.nullable(),
      retention: retentionSettings.partial().nullable(),
      /** How long things are kept now, in days. */
      keeping: retentionSettings,
      /** What the configuration says of comparing tables with people enrolled at the desk; null where it says nothing. */
      compareDesk: z.boolean().nullable(),
    }),
  },
  /** Tries a platform as the form has it, saved or not. `id` of one that is there already: its secrets count where none was typed. */
  'site.test': {
    input: z.strictObject({ id: anyId.nullable(), draft: platformDraft }),
    output: z.object({
      /** What the form itself has wrong; then nothing was tried. */
      problems: z.array(problem),
      lines: z.array(trialLine),
      /** The certificate that was presented and is not trusted; null where that is not the trouble. */
      certificate: certificate.nullable(),
      /** What to choose from, where the platform tells. */
      lists: lists.nullable(),
      /** The product as it calls itself, if it does. */
      detail: z.string().nullable(),
    }),
  },
  /** The certificate an address shows now, to compare and to trust. Nothing is sent there. Null where it shows none. */
  'site.certificate': {
    input: z.strictObject({ baseUrl: z.url({ protocol: /^https$/ }).max(2048) }),
    output: certificate.nullable(),
  },
  /** Adds (`add`) or changes a platform. Takes effect at once: what is under way there ends on the connection it has. */
  'site.save': {
    input: z.strictObject({ id: newId, add: z.boolean(), draft: platformDraft }),
    output: z.object({ problems: z.array(problem) }),
  },
  /**
   * Takes a platform out of use here; nothing is changed there. Deliveries that wait for it are kept, and go on when one of that name is added
   * again, or are given up (`stop`).
   */
  'site.remove': {
    input: z.strictObject({ id: anyId, deliveries: z.enum(['keep', 'stop']) }),
    output: z.object({ stopped: z.number().int() }),
  },
} as const;

export type SiteView = z.infer<(typeof siteCalls)['site.get']['output']>;
export type SiteTrial = z.infer<(typeof siteCalls)['site.test']['output']>;

/** Something about the site's platforms changed: ask `platforms.list`. */
export const siteEvents = { 'site.changed': z.object({}) } as const;
