import { z } from 'zod';

/** An id of the site's own for a platform: it names columns of reports and options of the command line. */
export const platformIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'letters, digits, dot, dash, underscore; at most 64');
