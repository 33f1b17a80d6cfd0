/** A length of time in one unit of the reader's language: `12 seconds`, `3 minutes`, `2 hours`. */
export function formatDuration(ms: number, language: string): string {
  const seconds = Math.max(0, Math.round(Math.abs(ms) / 1000));
  const [value, unit] =
    seconds < 100
      ? [seconds, 'second']
      : seconds < 100 * 60
        ? [Math.round(seconds / 60), 'minute']
        : [Math.round(seconds / 3600), 'hour'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

/** Names joined as the language joins them: `A, B and C`. */
export function formatList(items: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(items);
}

/** A time of today as a time, an older one as a date with a time. */
export function formatWhen(at: number, now: number, language: string): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(
    language,
    sameDay ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' },
  ).format(at);
}

/**
 * A time at a gate: of today as a time, an older one as a date with a time. By the clock of 24 hours in every language, as the systems' own
 * records have it, so that both can be compared at a glance.
 */
export function formatGateTime(at: number, now: number, language: string, seconds = false): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(language, {
    ...(!sameDay && { dateStyle: 'medium' }),
    timeStyle: seconds ? 'medium' : 'short',
    hourCycle: 'h23',
  }).format(at);
}

/** How alike a face is, in whole per cent. */
export function formatScore(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent' }).format(share);
}

/** A date without its time. */
export function formatDay(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(at);
}

/** A share in whole per cent; never rounded up to all of it. */
export function formatShare(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent' }).format(Math.floor(share * 100) / 100);
}

/** Measured values in a row, three digits each. */
export function formatNumbers(values: readonly number[], language: string): string {
  const format = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  return values.map((value) => format.format(value)).join('  ');
}
