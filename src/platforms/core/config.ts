import { isIP } from 'node:net';
import { z } from 'zod';

/** A certificate's SHA-256 fingerprint, colons or not, any case. */
const fingerprint = z
  .string()
  .regex(/^([0-9a-f]{2}:?){31}[0-9a-f]{2}$/i, 'a SHA-256 fingerprint: 64 hexadecimal digits, with or without colons');

const tls = z.strictObject({ ca: z.string().min(1).optional(), fingerprint256: fingerprint.optional() });

const milliseconds = z.number().int().min(100).max(300_000);

/** Port of a platform's own WebSocket, where it pushes recognitions; both documents that have one say 9000. */
export const pushPort = z.number().int().min(1).max(65_535);

/** The fields all platforms share. Each room extends this with its own (interfaces.md, "Configuration"). */
export const baseConfig = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/, message: 'an http or https address' }),
  tls: tls.optional(),
  allowHttp: z.boolean().optional(),
  timeouts: z
    .strictObject({
      connectMs: milliseconds.optional(),
      headersMs: milliseconds.optional(),
      bodyMs: milliseconds.optional(),
    })
    .optional(),
});

/** Whether a host name is this very machine: then plain HTTP leaves it on no wire. */
function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1';
}

/**
 * Plain HTTP is taken to a loopback address, and elsewhere only where the owner said `"allowHttp": true`, knowingly.
 * Returns what is wrong in plain words, or null.
 */
export function plainHttpProblem(config: { baseUrl: string; allowHttp?: boolean | undefined }): string | null {
  const url = new URL(config.baseUrl);
  if (url.protocol === 'https:' || config.allowHttp || isLoopback(url.hostname)) return null;
  return 'baseUrl: plain HTTP would send faces and signatures readable over the network; use https, or set "allowHttp": true if you accept that';
}
