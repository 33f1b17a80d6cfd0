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

/** What is wrong with a code as a user id; empty when it may be one. */
export function userIdProblems(code: string): FieldProblem[] {
  const field = 'code';
  if (code === '') return [{ field, message: 'code is required' }];
  if (code.length > LONGEST)
    return [{ field, message: `code is ${code.length} characters long; the terminal takes at most ${LONGEST}` }];
  // Full-width letters, blanks, control characters and slashes around it may be dropped by the terminal's URL reader.
  const bare = code.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '');
  if (bare.toLowerCase() === 'all')
    return [{ field, message: 'code must not be “all”: that word means every user on the terminal' }];
  if (bare === '') return [{ field, message: 'code needs a letter or a digit' }];
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
