import { z } from 'zod';

/** An id of the site's own for a platform: it names columns of reports and options of the command line. */
const PLATFORM_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** Whether a text can be such an id. */
export const isPlatformId = (text: string): boolean => PLATFORM_ID.test(text);

export const platformIdSchema = z.string().regex(PLATFORM_ID, 'letters, digits, dot, dash, underscore; at most 64');
