import { FaultError } from '#shared/fault';
import type { FieldProblem } from '#shared/person';

declare const checked: unique symbol;
/**
 * A user id that may stand in a URL of the terminal. `user/delete/all` wipes it (§8.2.4), so no plain string reaches a path:
 * only `userId` makes this type, and it refuses whatever a terminal could take for `all`.
 */
export type UserId = string & { readonly [checked]: true };

/** Length of `userId` (§8.2.1). */
const LONGEST = 16;

/** The code as it stands and as URL readers may come to read it, decoded once, twice and three times. */
function readings(code: string): string[] {
  const all = [code];
  for (let n = 0; n < 3; n += 1) {
    const last = all.at(-1) ?? '';
    // Only what is well-formed is decoded; a lone percent sign stays.
    all.push(last.replace(/(%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8')));
  }
  return all;
}

/** Letters and digits alone: full-width letters, blanks, control characters and points may be dropped or folded on the way. */
const bare = (text: string): string => text.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '');

/** Whether a terminal could take any part of it for the word that means everybody. */
function couldMeanAll(code: string): boolean {
  const parts = readings(code).flatMap((reading) => [reading, ...reading.normalize('NFKC').split(/[/\\?#%&;=\0]/)]);
  return parts.some((part) => bare(part).toLowerCase() === 'all');
}

/** What is wrong with a code as a user id; empty when it may be one. */
export function userIdProblems(code: string): FieldProblem[] {
  const field = 'code';
  if (code === '') return [{ field, message: 'code is required' }];
  if (code.length > LONGEST)
    return [{ field, message: `code is ${code.length} characters long; the terminal takes at most ${LONGEST}` }];
  if (couldMeanAll(code))
    return [{ field, message: 'code must not be “all”: that word means every user on the terminal' }];
  if (bare(code) === '') return [{ field, message: 'code needs a letter or a digit' }];
  if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(code)) return [{ field, message: 'code contains characters that cannot be seen' }];
  return [];
}

/** The code as a user id. Throws FaultError `validation` (field `code`). */
export function userId(code: string): UserId {
  const [problem] = userIdProblems(code);
  if (problem !== undefined)
    throw new FaultError({ kind: 'validation', code: 'field', message: problem.message, field: problem.field });
  return code as UserId;
}
