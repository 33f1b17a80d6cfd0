import { z } from 'zod';
import { consentTextSchema } from './consent.ts';
import { qualityConfigSchema } from './quality.ts';

const days = z.number().min(0).max(36_500);
/** How long a site keeps what it no longer needs, in days. */
const retentionSchema = z.strictObject({
  /** Photos of people every platform has; default 0. */
  deliveredPhotosDays: days.optional(),
  /** Photos of enrolments that were refused or wait for an answer; default 7. */
  failedPhotosDays: days.optional(),
  /** Enrolments and receipts; default 365, null keeps them. */
  receiptsDays: days.nullable().optional(),
  /** Visits that are over, and visitors nothing else is kept of; default 30, null keeps them. */
  visitsDays: days.nullable().optional(),
});

/** An id of the site's own for a platform: it names columns of reports and options of the command line. */
const platformIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'letters, digits, dot, dash, underscore; at most 64');

/**
 * The configuration file (interfaces.md, "Configuration"), before each platform's own schema has looked at its entry.
 */
export const configFileSchema = z.strictObject({
  platforms: z.record(platformIdSchema, z.looseObject({ kind: z.string() })).default({}),
  quality: qualityConfigSchema.optional(),
  retention: retentionSchema.optional(),
  consent: consentTextSchema.optional(),
});
