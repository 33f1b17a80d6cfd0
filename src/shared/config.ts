import { z } from 'zod';
import { consentTextSchema } from './consent.ts';
import { platformIdSchema } from './platform-id.ts';
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

/** The gate monitor. */
const gatesSchema = z.strictObject({
  /** Whether the station follows the platforms' records of who passes; default true. */
  watch: z.boolean().optional(),
  /**
   * How long is kept who passed, in days; default 1. At least a quarter of an hour: what was read has to be known again. The first pass of an
   * enrolment is kept with its receipt.
   */
  passesDays: z.number().min(0.01).max(31).optional(),
});

/** Imports of tables. */
const importSchema = z.strictObject({
  /** Whether rows are compared with the faces of people enrolled at the desk, which are then kept in numbers; default false. */
  compareDesk: z.boolean().optional(),
});

/**
 * The configuration file (interfaces.md, "Configuration"), before each platform's own schema has looked at its entry.
 */
export const configFileSchema = z.strictObject({
  platforms: z.record(platformIdSchema, z.looseObject({ kind: z.string() })).default({}),
  quality: qualityConfigSchema.optional(),
  retention: retentionSchema.optional(),
  consent: consentTextSchema.optional(),
  gates: gatesSchema.optional(),
  import: importSchema.optional(),
});
