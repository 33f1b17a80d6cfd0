import { z } from 'zod';

/** Characters of the longest code. */
export const MOST_CODE = 64;

const text = (max: number) => z.string().trim().max(max);
/** ISO 8601 with an offset: a wall-clock time without one would mean something else on each platform. */
const instant = z.iso.datetime({ offset: true });

const nameSchema = z
  .object({ family: text(255).optional(), given: text(255).optional(), display: text(255).optional() })
  .refine((name) => Boolean(name.family || name.given || name.display), {
    message: 'a name is required: family, given or display',
  });

const visitSchema = z.object({
  host: text(255).optional(),
  purpose: text(255).optional(),
  company: text(255).optional(),
  from: instant.optional(),
  to: instant.optional(),
});

/**
 * A person as interfaces.md says it: the command line's JSON and a CSV's columns. `code` is the key we own on every platform;
 * platforms narrow it (length, alphabet) by their own rules before anything is sent.
 */
export const personSchema = z.object({
  kind: z.enum(['staff', 'visitor']),
  code: text(MOST_CODE).min(1, 'a code is required'),
  name: nameSchema,
  gender: z.enum(['female', 'male', 'unknown']).optional(),
  phone: text(64).optional(),
  email: text(255).optional(),
  card: text(64).optional(),
  idNumber: text(64).optional(),
  department: text(255).optional(),
  position: text(255).optional(),
  remark: text(1000).optional(),
  validFrom: instant.optional(),
  validTo: instant.optional(),
  visit: visitSchema.optional(),
});
export type Person = z.infer<typeof personSchema>;
export type PersonKind = Person['kind'];

/** A dotted path into a person: `name.family`, `visit.host`, `phone`. */
export type PersonField = string;

/** One thing wrong with a person before anything is sent. */
export interface FieldProblem {
  field: PersonField;
  /** Plain English: what is wrong and what is allowed. */
  message: string;
  /** The platform that minds; absent where every platform would. */
  platform?: string;
}

/** The name as one string: display, else given and family in the order of the script they are written in. */
export function displayName(name: Person['name']): string {
  if (name.display) return name.display;
  const { family = '', given = '' } = name;
  const han = /\p{Script=Han}/u.test(family + given);
  return (han ? family + given : `${given} ${family}`).trim();
}

/** Family names of two characters, as they are written on the mainland and elsewhere. */
const TWO_CHARACTERS = new Set(
  (
    '欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 司空 夏侯 端木 长孙 宇文 轩辕 百里 呼延 南宫 西门 独孤 鲜于 闻人 万俟 澹台 钟离 ' +
    '歐陽 司馬 諸葛 東方 尉遲 公孫 長孫 軒轅 南宮 西門 獨孤 鮮于 聞人 澹臺 鍾離'
  ).split(' '),
);

/**
 * The name as family and given parts, for platforms that want two. A display name alone is split at its only comma (family name first, as lists
 * write it), at its last space (Western order), or in Han characters after the family name, which is one character or one of the known two;
 * a single word is a family name with an empty given name.
 */
export function nameParts(name: Person['name']): { family: string; given: string } {
  if (name.family || name.given) return { family: name.family ?? '', given: name.given ?? '' };
  const display = name.display ?? '';
  if (/^\p{Script=Han}{2,4}$/u.test(display)) {
    const letters = [...display];
    const long = letters.length > 2 && TWO_CHARACTERS.has(letters.slice(0, 2).join(''));
    return { family: letters.slice(0, long ? 2 : 1).join(''), given: letters.slice(long ? 2 : 1).join('') };
  }
  const parts = display
    .split(/[,，]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const [family = '', given = ''] = parts;
  if (parts.length === 2) return { family, given };
  const plain = parts.length === 1 ? family : display;
  const at = plain.lastIndexOf(' ');
  return at < 0 ? { family: plain, given: '' } : { family: plain.slice(at + 1), given: plain.slice(0, at).trim() };
}

/** Field problems of a value that does not have a person's shape; empty when it has. */
export function personProblems(value: unknown): FieldProblem[] {
  const result = personSchema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.map((issue) => {
    const missing = issue.code === 'invalid_type' && at(value, issue.path) === undefined;
    return { field: issue.path.join('.') || 'person', message: missing ? 'is missing' : issue.message };
  });
}

/** What stands at a path of a value; undefined where the path leads nowhere. */
function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, key) => (typeof inside === 'object' && inside !== null ? Reflect.get(inside, key) : undefined),
    value,
  );
}
