import type { Person } from '#shared/person';

/** How much one cell may hold: what Excel itself allows. */
const CELL_LIMIT = 32_767;

/** Invisible signs that hide or turn text around: zero-width blanks, marks and overrides of writing direction. */
const INVISIBLE = /[\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069]/u;

/** Characters nobody types: a cell that has one is damaged, or was made to look like another. Tabs and line ends may be meant. */
function isUntyped(cell: string): boolean {
  for (let at = 0; at < cell.length; at += 1) {
    const code = cell.charCodeAt(at);
    if ((code < 0x20 && code !== 9 && code !== 10 && code !== 13) || code === 0x7f) return true;
  }
  return INVISIBLE.test(cell);
}

/** What spreadsheets show where a formula failed (ECMA-376 part 1 §18.17.3), and Excel's younger ones. */
const FORMULA_ERROR =
  /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|BLOCKED!|BUSY!|CONNECT!|EXTERNAL!|FIELD!|PYTHON!|TIMEOUT!|UNKNOWN!|#+)$/;

/** What databases write where they have nothing. Somebody may be called so. */
const NOTHING: ReadonlySet<string> = new Set(['NULL', '(null)', '<null>', '\\N']);

/** Whether a cell that is no name says that there is nothing. */
export function isNothing(text: string): boolean {
  return NOTHING.has(text);
}

/** What is wrong with a cell whatever column it is in; null when nothing is. */
export function cellProblem(
  cell: string,
): { code: 'too-long' | 'control' | 'lost' | 'formula-error'; message: string } | null {
  if (cell.length > CELL_LIMIT) return { code: 'too-long', message: `holds more than ${CELL_LIMIT} characters` };
  if (cell.includes('\uFFFD'))
    return { code: 'lost', message: 'holds a character that was lost: is the encoding right (--encoding)?' };
  if (FORMULA_ERROR.test(cell.trim()))
    return { code: 'formula-error', message: 'holds an error of a spreadsheet: enter the value itself' };
  if (isUntyped(cell)) return { code: 'control', message: 'holds characters that cannot be typed: write it anew' };
  return null;
}

/**
 * A cell as it was meant: what protects it from being read as a formula (`="0012"`, `'+60…` of our own report) is taken off, no-break and
 * other wide blanks are blanks.
 */
export function cleanCell(cell: string): string {
  const shown = cell.replace(/[\u00A0\u2000-\u200A\u202F\u3000\uFEFF]/g, ' ').trim();
  const formula = /^="([^"]*)"$/.exec(shown);
  if (formula) return (formula[1] ?? '').trim();
  return /^'\s*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20]/.test(shown) ? shown.slice(1) : shown;
}

/** Digits and letters in their usual width, on one line. */
export function narrow(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, ' ').trim();
}

/** A number that a spreadsheet has made shorter than it was: its last digits are gone. */
export function isMangledNumber(text: string): boolean {
  return /^\d(\.\d+)?[eE]\+?\d{1,3}$/.test(text);
}

/** Blanks, dashes, dots and brackets taken out of a phone number; anything else is left for the check to say. */
export function phoneOf(text: string): string {
  const bare = narrow(text).replace(/[\s()\-.–—/]/g, '');
  return bare.replace(/^tel:/i, '');
}

const GENDERS: Record<NonNullable<Person['gender']>, readonly string[]> = {
  female: ['female', 'f', 'woman', 'w', 'girl', 'ms', 'mrs', 'miss', '女', '女性', '女士', '2', 'perempuan', 'p'],
  male: ['male', 'm', 'man', 'boy', 'mr', '男', '男性', '先生', '1', 'lelaki', 'l'],
  unknown: ['unknown', 'u', 'other', 'x', 'n/a', '-', '未知', '其他', '保密', '不详', '0'],
};
const GENDER_OF = new Map(
  Object.entries(GENDERS).flatMap(([gender, words]) => words.map((word) => [word, gender as keyof typeof GENDERS])),
);

/** The gender a word says (GB/T 2261.1: 0 unknown, 1 male, 2 female); null for a word that says none. */
export function genderOf(text: string): NonNullable<Person['gender']> | null {
  return GENDER_OF.get(narrow(text).toLowerCase()) ?? null;
}

const KINDS: Record<Person['kind'], readonly string[]> = {
  staff: [
    'staff',
    'employee',
    'teacher',
    'student',
    'permanent',
    '员工',
    '職員',
    '职员',
    '教职工',
    '教师',
    '老师',
    '学生',
    '内部人员',
  ],
  visitor: ['visitor', 'guest', 'contractor', '访客', '来访', '来宾', '訪客'],
};
const KIND_OF = new Map(
  Object.entries(KINDS).flatMap(([kind, words]) => words.map((word) => [word, kind as Person['kind']])),
);

/** Staff or visitor; null for a word that says neither. */
export function kindOf(text: string): Person['kind'] | null {
  return KIND_OF.get(narrow(text).toLowerCase()) ?? null;
}
