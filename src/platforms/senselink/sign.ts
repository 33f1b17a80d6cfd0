import { createHash } from 'node:crypto';

/** `md5(timestamp#app_secret)`, lower-case hex; the timestamp in milliseconds (SenseLink manual §4.1). */
export function sign(timestamp: number, appSecret: string): string {
  return createHash('md5').update(`${timestamp}#${appSecret}`, 'utf8').digest('hex');
}
