import { useEffect, useState } from 'react';
import type { FieldProblem, Person } from '#shared/person';
import { bridge } from '../bridge.ts';

/** Quick enough to feel live, slow enough not to ask for every key of a scanner. */
const PAUSE_MS = 250;

/** What the chosen platforms would mind about the person, asked while it is typed. */
export function usePersonCheck(person: Person, to: readonly string[]): FieldProblem[] {
  const [problems, setProblems] = useState<FieldProblem[]>([]);
  // Compared by value: the person is built anew for every render.
  const question = JSON.stringify({ person, to });
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(() => {
      bridge.call('person.check', JSON.parse(question)).then(
        (found) => {
          if (!gone) setProblems(found);
        },
        // The check before sending says it; the banner says why there was no answer.
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [question]);
  return problems;
}
