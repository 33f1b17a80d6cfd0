import type { ImportProgress } from '#shared/calls/import';
import { clockTime } from '#station/import/progress';
import type { Output } from './output.ts';

/** How often a terminal is told, and a log file. */
const TICK_MS = 250;
const LOG_TICKS = 40;

/** Tells how an import goes on stderr: over and over on one line of a terminal, now and then where it is a file. */
export function importProgress(out: Pick<Output, 'note' | 'status'>, ask: () => ImportProgress): { end(): void } {
  let ticks = 0;
  let waited = false;
  const tell = () => {
    const progress = ask();
    const waits = progress.phase === 'waiting';
    if (waits && !waited)
      out.note('another window or command is importing this table: waiting until it is done (Ctrl-C stops waiting)');
    waited = waits;
    ticks += 1;
    if (out.status) out.status(progressText(progress));
    else if (ticks % LOG_TICKS === 0) out.note(progressText(progress));
  };
  const timer = setInterval(tell, TICK_MS);
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
