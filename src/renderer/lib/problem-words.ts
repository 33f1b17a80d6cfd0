import type { FieldProblem } from '#shared/person';

/** The rules a field can break, as far as we have words for them; `details.rule` holds the words. */
export const RULES = [
  'missing',
  'hostMissing',
  'tooLong',
  'lettersDigits',
  'digits',
  'digitsRange',
  'email',
  'time',
  'timeOrder',
  'lastYear',
  'reserved',
  'needsLetter',
  'invisible',
] as const;
export type Rule = (typeof RULES)[number];

/** A rule with the numbers it holds. */
export interface BrokenRule {
  rule: Rule;
  values: { max?: string; min?: string; year?: string };
}

/** The station says what is wrong in plain English; these are its sentences. The first that fits counts. */
const SENTENCES: readonly [RegExp, Rule][] = [
  [/\bis missing$|\bis required\b|^at least 1\b|Too small: expected string to have >=1 char/i, 'missing'],
  [/\bneed a host\b/, 'hostMissing'],
  [/\bvisitors need\b/, 'missing'],
  [/(?:letters and digits|digits and letters) alone.*?(?:1 to|at most) (?<max>\d+)/, 'lettersDigits'],
  [/digits alone, 1 to (?<max>\d+)/, 'digits'],
  [/(?<min>\d+) to (?<max>\d+) digits/, 'digitsRange'],
  [/at most (?<max>\d+)/, 'tooLong'],
  [/Too big: expected string to have <=(?<max>\d+) characters/, 'tooLong'],
  [/an e-mail address/, 'email'],
  [/ends before it begins|lies before the (?:beginning|start)/, 'timeOrder'],
  [/lies after (?<year>\d{4})/, 'lastYear'],
  [/invalid ISO datetime/i, 'time'],
  [/must not be “all”/, 'reserved'],
  [/needs a letter or a digit/, 'needsLetter'],
  [/cannot be seen/, 'invisible'],
];

/** Which rule a message is about; null where we have no words of our own. */
export function brokenRule(message: string): BrokenRule | null {
  for (const [sentence, rule] of SENTENCES) {
    const found = sentence.exec(message);
    if (found) return { rule, values: { ...found.groups } };
  }
  return null;
}

/** Problems of one field that are about the same rule, told once. */
export interface ProblemGroup {
  broken: BrokenRule | null;
  /** Whether every platform minds; else `platforms` says which. */
  everybody: boolean;
  platforms: string[];
  messages: string[];
}

/** A field's problems, those about the same rule together, in the order first met. */
export function groupProblems(problems: readonly FieldProblem[]): ProblemGroup[] {
  const groups = new Map<string, ProblemGroup>();
  for (const { message, platform } of problems) {
    const broken = brokenRule(message);
    const key = broken ? JSON.stringify(broken) : message;
    const group = groups.get(key) ?? { broken, everybody: false, platforms: [], messages: [] };
    if (platform === undefined) group.everybody = true;
    else if (!group.platforms.includes(platform)) group.platforms.push(platform);
    if (!group.messages.includes(message)) group.messages.push(message);
    groups.set(key, group);
  }
  return [...groups.values()];
}
