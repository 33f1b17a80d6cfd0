import type { PlatformPass } from '#shared/visits';

const MINUTE_MS = 60_000;

/** A pass with a code that is still good when the visit ends: paper does not follow one that changes. */
export const lasts = ({ text, image, validTo }: PlatformPass, to: number): boolean =>
  (text !== null || image !== null) && (validTo === null || validTo >= to - MINUTE_MS);
