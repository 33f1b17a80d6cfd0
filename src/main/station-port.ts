import type { Station } from '#station/api';

/** The part of a station that a shell serves to a page. */
export type ServedStation = Pick<Station, 'handlers' | 'on' | 'seat'>;

/** Where a shell reports what nobody at the desk needs to see. Ids and kinds only; never names, photos, keys. */
export interface ShellLog {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}
