import { z } from 'zod';

/** What somebody at the desk may do, each including the one before. */
export const ROLES = ['operator', 'supervisor', 'administrator'] as const;
export type Role = (typeof ROLES)[number];
export const roleSchema = z.enum(ROLES);

/** Digits, so that any keypad can type it. */
export const pinSchema = z.string().regex(/^\d{4,12}$/, '4 to 12 digits');

/** How a site names an operator: on the sign-in screen and in the audit trail, so short and without signs that mean something there. */
const OPERATOR_LABEL = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,31}$/u;

export const operatorLabelSchema = z
  .string()
  .trim()
  .regex(OPERATOR_LABEL, 'letters, digits, space, dot, dash, underscore; at most 32');

/** What was typed as a label, trimmed; null where it can be none. */
export function operatorLabel(typed: string): string | null {
  const label = typed.trim();
  return OPERATOR_LABEL.test(label) ? label : null;
}

export const operatorSchema = z.object({ label: z.string(), role: roleSchema });
/** An operator as everybody at the desk sees one. */
export type Operator = z.infer<typeof operatorSchema>;

/** Labels are told apart as people do: not by case, width or accents' spelling. */
export function sameLabel(a: string, b: string): boolean {
  const plain = (label: string) => label.trim().normalize('NFKC').toLowerCase();
  return plain(a) === plain(b);
}

/** Whether a role includes another. */
export function includesRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
