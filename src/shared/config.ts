import { z } from 'zod';
import { qualityConfigSchema } from './quality.ts';

/** A secret as a site writes it: the value itself, or the name of an environment variable that holds it. */
export const secretSchema = z.union([z.string().min(1), z.strictObject({ env: z.string().min(1) })]);

/** An id of the site's own for a platform: it names columns of reports and options of the command line. */
export const platformIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'letters, digits, dot, dash, underscore; at most 64');

/**
 * The configuration file (interfaces.md, "Configuration"), before each platform's own schema has looked at its entry.
 */
export const configFileSchema = z.strictObject({
  platforms: z.record(platformIdSchema, z.looseObject({ kind: z.string() })).default({}),
  quality: qualityConfigSchema.optional(),
});
export type ConfigFile = z.infer<typeof configFileSchema>;
