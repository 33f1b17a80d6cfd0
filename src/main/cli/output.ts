import { FaultError } from '#shared/fault';
import { StationError } from '#station/index';

/** What a command says and how it ends. Injected, so that commands are tested without a process. */
export interface Output {
  /** One JSON object on a line of its own, on stdout (interfaces.md). */
  json(value: unknown): void;
  /** A line for scripts and people alike, on stdout. */
  line(text: string): void;
  /** A line for people, on stderr. */
  note(text: string): void;
  /** Text that replaces the one before on the last line of stderr; empty takes it away. Absent where stderr is no terminal. */
  status?(text: string): void;
}

/** The exit codes of interfaces.md. */
export const EXIT = { good: 0, failed: 1, usage: 2, pending: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A wrong command line or configuration: said plainly, exit code 2. */
export class UsageError extends Error {}

/** ECMA-48: back to the beginning of the line, and erase it. */
const CLEAR_LINE = '\r\u001b[K';

export function processOutput(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Output {
  // A reader that goes away (`… | head`) is no error of ours.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EXIT.good);
  });
  return {
    json: (value) => stdout.write(`${JSON.stringify(value)}\n`),
    line: (text) => stdout.write(`${text}\n`),
    note: (text) => stderr.write(`${stderr.isTTY ? CLEAR_LINE : ''}${text}\n`),
    ...(stderr.isTTY && {
      status: (text: string) => void stderr.write(`${CLEAR_LINE}${text.slice(0, stderr.columns - 1)}`),
    }),
  };
}

/** What to tell a person about an error, and the exit code it means. */
export function explain(error: unknown): { message: string; code: ExitCode } {
  if (error instanceof UsageError) return { message: error.message, code: EXIT.usage };
  if (error instanceof FaultError) {
    const { kind, message, field } = error.fault;
    const place = field && !message.startsWith(field) ? `${field}: ` : '';
    return { message: `${place}${message}`, code: kind === 'validation' ? EXIT.usage : EXIT.failed };
  }
  if (error instanceof StationError && error.code === 'data-dir') return { message: error.message, code: EXIT.usage };
  if (error instanceof Error && error.name === 'ConfigError') return { message: error.message, code: EXIT.usage };
  return { message: error instanceof Error ? error.message : String(error), code: EXIT.failed };
}
