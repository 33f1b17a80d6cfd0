import type { PlatformPass } from '#shared/visits';

const MINUTE_MS = 60_000;
/** A code that has expired is not asked for more often than this, whatever the platform says of the next one. */
const LEAST_RENEWAL_MS = 30_000;
/** As many doors' codes as fit on a badge beside the visitor's own. */
const MOST_PASSES = 2;

const hasCode = ({ text, image }: PlatformPass): boolean => text !== null || image !== null;

/** Whether a pass is still good when the visit ends: paper does not follow one that changes. */
const covers = ({ validTo }: PlatformPass, to: number): boolean => validTo === null || validTo >= to - MINUTE_MS;

/** A pass with a code that ends before the visit does; the platform decides how long it lasts (megvii: ten minutes, at most a day). */
export const endsEarly = (pass: PlatformPass, to: number): boolean => hasCode(pass) && !covers(pass, to);

/** Why a platform's code is not on a badge: it ends before the visit does, there is no room, or it could not be had. */
export type LeftOff = { platform: string } & ({ why: 'early'; until: number } | { why: 'room' | 'fault' });

/** Which passes are printed, and which are not and why. */
export function onBadge<P extends PlatformPass>(passes: readonly P[], to: number): { printed: P[]; left: LeftOff[] } {
  const lasting = passes.filter((pass) => hasCode(pass) && covers(pass, to));
  const printed = lasting.slice(0, MOST_PASSES);
  const left = passes.flatMap((pass): LeftOff[] => {
    const { platform, validTo } = pass;
    if (pass.fault !== null) return [{ platform, why: 'fault' }];
    if (endsEarly(pass, to) && validTo !== null) return [{ platform, why: 'early', until: validTo }];
    return hasCode(pass) && !printed.includes(pass) ? [{ platform, why: 'room' }] : [];
  });
  return { printed, left };
}

/** In how long passes that are shown have to be asked for anew, because one of them has expired then; null when none does. */
export function renewIn(passes: readonly PlatformPass[], now: number): number | null {
  const ends = passes.flatMap((pass) => (hasCode(pass) && pass.validTo !== null ? [pass.validTo] : []));
  return ends.length === 0 ? null : Math.max(LEAST_RENEWAL_MS, Math.min(...ends) - now);
}
