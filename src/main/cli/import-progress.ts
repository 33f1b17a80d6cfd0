import type { ImportProgress } from '#shared/calls/import';
import { clockTime } from '#station/import/progress';
import type { Output } from './output.ts';

/** How often a terminal is told, and a log file. */
const TERMINAL_MS = 250;
const LOG_MS = 10_000;

/** Tells how an import goes on stderr: over and over on one line of a terminal, now and then where it is a file. */
export function importProgress(out: Pick<Output, 'note' | 'status'>, ask: () => ImportProgress): { end(): void } {
  const live = out.status !== undefined;
  const tell = () => {
    const text = progressText(ask());
    if (out.status) out.status(text);
    else out.note(text);
  };
  const timer = setInterval(tell, live ? TERMINAL_MS : LOG_MS);
  timer.unref();
  return {
    end() {
      clearInterval(timer);
      out.status?.('');
    },
  };
}

/** `checking 120 of 600 · 4.2 rows/s · 1:54 left · 100 accepted, 20 refused` */
function progressText({ phase, done, total, rate, leftMs, accepted, refused }: ImportProgress): string {
  const parts = [
    `${phase} ${done}${total === null ? '' : ` of ${total}`}`,
    rate === null ? null : `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} rows/s`,
    leftMs === null ? null : `${clockTime(leftMs)} left`,
    `${accepted} accepted, ${refused} refused`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
