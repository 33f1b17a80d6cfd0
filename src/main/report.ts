import { type Fault, FaultError, toFault } from '#shared/fault';
import { errorFacts } from '#station/log';
import type { ShellLog } from './station-port.ts';

/** Turns what a call threw into a fault, and reports what was not meant to happen, without its message: messages quote what they choked on. */
export function reportingFaults(log: ShellLog): (error: unknown) => Fault {
  return (error) => {
    if (!(error instanceof FaultError)) log.error(errorFacts(error), 'a call failed unexpectedly');
    return toFault(error);
  };
}
