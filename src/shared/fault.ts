import { z } from 'zod';

/**
 * The kinds of error the station decides by. Codes belong to a platform, kinds to the house: each platform's `faults.ts` maps
 * its codes to one of these, and the outbox looks at nothing else.
 */
export const FAULT_KINDS = [
  'unreachable',
  'time-out',
  'rate',
  'auth',
  'clock',
  'validation',
  'quality',
  'similar',
  'exists',
  'capacity',
  'server',
  'protocol',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const faultSchema = z.object({
  kind: z.enum(FAULT_KINDS),
  /** The platform's own code where it gave one (`10201`, `128`, `OPEN000010`), else one of ours (`tls`, `html`, `photo`). */
  code: z.string(),
  /** Plain words, English, no secrets, no personal data. Screens translate by kind and code and show this small. */
  message: z.string(),
  /** The field of a person or of a configuration that is at fault. */
  field: z.string().optional(),
  /** When the platform named a time to come back, milliseconds from now. */
  retryAfterMs: z.number().optional(),
});
/** An error as a value: it crosses the contract, lies in the journal and is printed by the command line. */
export type Fault = z.infer<typeof faultSchema>;

/** A fault on its way up the stack. */
export class FaultError extends Error {
  readonly fault: Fault;
  constructor(fault: Fault, options?: ErrorOptions) {
    super(fault.message, options);
    this.name = 'FaultError';
    this.fault = fault;
  }
}

/** Kinds after which trying again, unchanged, can succeed by itself. */
const TRANSIENT: ReadonlySet<FaultKind> = new Set(['unreachable', 'time-out', 'rate', 'server', 'clock']);

/** Whether the same request may succeed later without anybody changing anything. */
export function isTransient(kind: FaultKind): boolean {
  return TRANSIENT.has(kind);
}

/** Turns anything thrown into a fault; what is not ours is `protocol`, its message kept out because it may carry data. */
export function toFault(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault;
  return {
    kind: 'protocol',
    code: error instanceof Error ? error.name : 'unknown',
    message: 'an unexpected error in the station',
  };
}
