import { createHash } from 'node:crypto';

/** `md5(timestamp#password)`, lower-case hex; the timestamp in milliseconds (device document §4.1). */
export function sign(timestamp: number, password: string): string {
  return createHash('md5').update(`${timestamp}#${password}`, 'utf8').digest('hex');
}
