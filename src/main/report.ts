import { type Fault, FaultError, toFault } from '#shared/fault';
import type { ShellLog } from './station-port.ts';

/**
 * Turns what a call threw into a fault, and reports what was not meant to happen. Of an unexpected error the log gets its name and where it
 * came from, not its message: messages quote what they choked on.
 */
export function reportingFaults(log: ShellLog): (error: unknown) => Fault {
  return (error) => {
    const fault = toFault(error);
    if (!(error instanceof FaultError))
      log.error({ error: fault.code, at: stackFrames(error) }, 'a call failed unexpectedly');
    return fault;
  };
}

/** The frames of an error's stack, without its first lines, which repeat the message. */
export function stackFrames(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, 8);
}
