import { createInterface } from 'node:readline';

interface Terminal {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
}

/**
 * Prints a fresh one-time address whenever Enter is pressed in the terminal the station runs in: a second browser, or a page whose session
 * is gone, gets in again without a restart. Without a terminal it does nothing.
 *
 * @returns stops listening
 */
export function offerFreshLinks({ input, output }: Terminal, freshUrl: () => string): () => void {
  if (!input.isTTY) return () => undefined;
  const lines = createInterface({ input });
  // Else an open terminal would keep the process alive after everything else has ended.
  input.unref();
  output.write('Press Enter for a new address (each works once).\n');
  lines.on('line', () => output.write(`${freshUrl()}\n`));
  return () => lines.close();
}
