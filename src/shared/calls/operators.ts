import { z } from 'zod';
import { CALLS } from '../channels.ts';
import { operatorLabelSchema, operatorSchema, pinSchema, roleSchema } from '../operators.ts';

const none = z.undefined();
const label = operatorLabelSchema;

/** Who stands at the desk, and who may. Which call needs which role: `access.ts`. Wrong PINs are `auth`: `pin-wrong`, `pin-locked`. */
export const operatorCalls = {
  /** How this window or browser session stands. */
  'operators.status': {
    input: none,
    output: z.object({
      /** Whether the site has operators; where it has none nobody signs in and everybody may do everything, as before. */
      setUp: z.boolean(),
      /** A repair lost them: nobody can sign in until `vestibule operators add` was run. */
      lost: z.boolean(),
      operators: z.array(operatorSchema),
      me: operatorSchema.nullable(),
      /** The label of whoever was signed in when this window was locked. */
      lockedBy: z.string().nullable(),
      /** Whether this window serves visitors themselves. */
      kiosk: z.boolean(),
      /** Whether a PIN keeps visitors in such a window. While none does it serves nobody, and all it takes is a PIN (`pin.set`). */
      guarded: z.boolean(),
    }),
  },
  'operators.signIn': { input: z.strictObject({ label, pin: pinSchema }), output: operatorSchema },
  /** `lock` keeps in mind who it was, so that they need their PIN alone. */
  'operators.signOut': { input: z.strictObject({ lock: z.boolean().default(false) }), output: none },
  /** Somebody is at the desk: the time after which it locks begins anew. */
  'operators.active': { input: none, output: none },
  /** Somebody with a higher role agrees to one call of this name, made from this window within a minute. */
  'operators.approve': { input: z.strictObject({ label, pin: pinSchema, call: z.enum(CALLS) }), output: none },
  /**
   * The first operator becomes administrator, whatever `role` says, and is signed in; from then on everybody signs in. Where a
   * supervisor's PIN is set, `supervisorPin` must be it, and it becomes an operator of its own.
   */
  'operators.add': {
    input: z.strictObject({ label, role: roleSchema, pin: pinSchema, supervisorPin: pinSchema.optional() }),
    output: operatorSchema,
  },
  /** Rejects with `validation`, `last-administrator` where nobody would be left who can manage operators. */
  'operators.setRole': { input: z.strictObject({ label, role: roleSchema }), output: operatorSchema },
  /** One's own PIN, with the present one. */
  'operators.changePin': { input: z.strictObject({ current: pinSchema, pin: pinSchema }), output: none },
  /** Somebody's PIN, when it was forgotten. */
  'operators.resetPin': { input: z.strictObject({ label, pin: pinSchema }), output: none },
  'operators.remove': { input: z.strictObject({ label }), output: none },
  /** From now on this window may only do what a visitor needs. Rejects with `auth`, `kiosk-unguarded` while there is no PIN to leave it by. */
  'kiosk.enter': { input: none, output: none },
  /** Back to the desk: with an operator's PIN, with the supervisor's where there are no operators. */
  'kiosk.leave': { input: z.strictObject({ label: label.optional(), pin: pinSchema.optional() }), output: none },
  /** The audit trail as CSV text, which names nobody and holds no formula. */
  'audit.export': { input: none, output: z.object({ csv: z.string() }) },
} as const;
