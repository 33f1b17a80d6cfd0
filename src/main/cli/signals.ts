import { EXIT } from './output.ts';

/** One Ctrl-C can arrive twice: from the terminal, and again from npm, which passes its own on. */
const SAME_WISH_MS = 1_000;

/**
 * The first Ctrl-C (or SIGTERM) asks to stop: what is under way ends cleanly and the journal is left whole. One that comes later ends
 * the process at once, which is safe too: what was running is taken up at the next start.
 */
export function interruptSignal(
  target: Pick<NodeJS.Process, 'on' | 'exit'>,
  now: () => number = () => performance.now(),
): AbortSignal {
  const controller = new AbortController();
  let askedAt = 0;
  const onSignal = () => {
    if (!controller.signal.aborted) {
      askedAt = now();
      controller.abort(new Error('interrupted'));
    } else if (now() - askedAt > SAME_WISH_MS) target.exit(EXIT.interrupted);
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) target.on(name, onSignal);
  return controller.signal;
}

/** Resolves when the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
