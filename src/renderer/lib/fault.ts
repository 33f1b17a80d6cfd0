import type { Fault } from '#shared/fault';

/** The fault an error of the bridge carries. What is not ours is `protocol`, its message kept out because it may carry data. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Error && 'fault' in error && isFault(error.fault)) return error.fault;
  return { kind: 'protocol', code: 'screen', message: 'an unexpected error in the screen' };
}

function isFault(value: unknown): value is Fault {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    typeof value.kind === 'string' &&
    'code' in value &&
    typeof value.code === 'string'
  );
}

/** Whether the supervisor's PIN is what is missing or wrong. */
export function isPinFault(fault: Fault): boolean {
  return fault.kind === 'auth' && fault.code.startsWith('pin-');
}
