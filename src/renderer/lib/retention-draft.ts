import { MOST_DAYS, type RetentionSettings } from '#shared/calls/site';

/** What has a time of its own. */
export const FIELDS = ['deliveredPhotosDays', 'failedPhotosDays', 'receiptsDays', 'visitsDays'] as const;
export type FieldName = (typeof FIELDS)[number];
/** Those that may be kept without end. */
export const ENDLESS: ReadonlySet<FieldName> = new Set(['receiptsDays', 'visitsDays']);

export type Typed = Record<FieldName, string>;

/** What was typed as days; empty is without end, where that may be (pure). Null where something is no number of days. */
export function typedRetention(typed: Typed): RetentionSettings | null {
  const days = (name: FieldName): number | null | undefined => {
    const text = typed[name].trim();
    if (text === '') return ENDLESS.has(name) ? null : undefined;
    const number = /^\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
    return number <= MOST_DAYS ? number : undefined;
  };
  const [deliveredPhotosDays, failedPhotosDays] = [days('deliveredPhotosDays'), days('failedPhotosDays')];
  const [receiptsDays, visitsDays] = [days('receiptsDays'), days('visitsDays')];
  if (typeof deliveredPhotosDays !== 'number' || typeof failedPhotosDays !== 'number') return null;
  return receiptsDays === undefined || visitsDays === undefined
    ? null
    : { deliveredPhotosDays, failedPhotosDays, receiptsDays, visitsDays };
}

const endless = (days: number | null): number => days ?? Number.POSITIVE_INFINITY;

/** Whether something would be deleted sooner than it is now (pure). */
export function isShorter(next: RetentionSettings, now: RetentionSettings): boolean {
  return FIELDS.some((name) => endless(next[name]) < endless(now[name]));
}
