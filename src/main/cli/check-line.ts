import type { CheckResult } from '#station/index';
import { range } from './ranges.ts';

/** The check of one picture as interfaces.md says it, without `file`. A platform that would pass says 0. */
export function checkJson(check: CheckResult) {
  const { accepted, faces, box, measures, reasons, platforms, ms } = check;
  return {
    accepted,
    faces,
    box: box && {
      x: Math.round(box.x),
      y: Math.round(box.y),
      width: Math.round(box.width),
      height: Math.round(box.height),
    },
    measures: Object.fromEntries(Object.entries(measures).map(([name, value]) => [name, rounded(value)])),
    reasons: reasons.map(({ measure, value, limit }) => ({ measure, value: rounded(value), limit })),
    platforms: Object.fromEntries(
      Object.entries(platforms).map(([id, answer]) => [id, answer ?? { code: 0, message: 'pass' }]),
    ),
    ms: Math.round(ms),
  };
}

/** The same on a line for people. */
export function checkText(file: string, { accepted, reasons }: CheckResult): string {
  const why = reasons.map(({ measure, value, limit }) => `${measure} ${rounded(value) ?? 'unknown'} (${range(limit)})`);
  return `${accepted ? 'accepted' : 'refused '}  ${oneLine(file)}${why.length > 0 ? `  ${why.join(', ')}` : ''}`;
}

/** A file's name for people: what would break the line, or steer the terminal, is written as JSON would write it. */
export function oneLine(name: string): string {
  // Control characters (C0, DEL, C1), line separators, and those that turn the direction of writing.
  return name.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, (character) => {
    const short = JSON.stringify(character).slice(1, -1);
    return short === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : short;
  });
}

/** Five significant digits tell everything a measure knows. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(5));
}
