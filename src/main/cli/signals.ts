import { EXIT } from './output.ts';

/**
 * The first Ctrl-C (or SIGTERM) asks to stop: what is under way ends cleanly and the journal is left whole. The second one ends the
 * process at once, which is safe too: what was running is taken up at the next start.
 */
export function interruptSignal(target: NodeJS.Process): AbortSignal {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) target.exit(EXIT.interrupted);
    controller.abort(new Error('interrupted'));
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
