import { displayName, type Person } from '#shared/person';
import { folded } from '../people-view.ts';

/** What is compared of somebody; what is not known is left out. */
export interface Traits {
  name: string;
  phone?: string | undefined;
  email?: string | undefined;
  company?: string | undefined;
}

/** `sure`: the same name, and the same telephone number or e-mail address. `likely`: one of these alone, or name and company. */
export type Resemblance = 'sure' | 'likely' | null;

/** So many digits at the end are a number, however its country and area are written. */
const TELLING_DIGITS = 8;

export function traitsOf({ name, phone, email, visit }: Person): Traits {
  return { name: displayName(name), phone, email, company: visit?.company };
}

const words = (text: string) =>
  folded(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
/** Family and given name in either order are one name. */
const nameKey = (name: string) => words(name).split(' ').sort().join(' ');

function phoneKey(phone: string | undefined): string | null {
  const digits = phone?.replace(/\D/g, '') ?? '';
  return digits.length < TELLING_DIGITS ? null : digits.slice(-TELLING_DIGITS);
}

/** Whether two are one person (pure). Nothing known of one of them proves nothing. */
export function resemblance(a: Traits, b: Traits): Resemblance {
  const same = (one: string | null, other: string | null) => one !== null && one !== '' && one === other;
  const name = same(nameKey(a.name), nameKey(b.name));
  const reached = same(phoneKey(a.phone), phoneKey(b.phone)) || same(words(a.email ?? ''), words(b.email ?? ''));
  if (name && reached) return 'sure';
  return reached || (name && same(words(a.company ?? ''), words(b.company ?? ''))) ? 'likely' : null;
}
