import type { Output } from './output.ts';

/** What every command gets: its voice, its way to end, and the wish to stop. */
export interface CommandContext {
  out: Output;
  env: NodeJS.ProcessEnv;
  /** Aborted by the first Ctrl-C or SIGTERM; a second one ends the process at once. */
  signal: AbortSignal;
  stdin: NodeJS.ReadStream;
  exit(code: number): void;
}
