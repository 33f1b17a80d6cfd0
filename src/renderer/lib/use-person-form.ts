import { type FormEvent, type KeyboardEvent, type RefObject, useRef, useState } from 'react';
import type { Fault } from '#shared/fault';
import type { FieldProblem, Person, PersonField } from '#shared/person';
import { bridge } from '../bridge.ts';
import { faultOf } from './fault.ts';
import { problemsByField } from './person-draft.ts';
import { brokenRule } from './problem-words.ts';
import { usePersonCheck } from './use-person-check.ts';

export interface PersonForm {
  form: RefObject<HTMLFormElement | null>;
  /** Somebody tried to send it as it is. */
  attempted: boolean;
  busy: boolean;
  fault: Fault | null;
  /** What is wrong, by the input it belongs to; what has none here is under `person`. */
  found: Record<string, FieldProblem[]>;
  /** Whether a field's problems are to be shown: what is missing only after somebody has been there. */
  shown(field: string, value: string): FieldProblem[];
  touch(field: string): void;
  submit(event: FormEvent): Promise<void>;
  onKeyDown(event: KeyboardEvent<HTMLFormElement>): void;
}

/** A form about a person: checked while it is typed and once more before it is sent. `fields`: the inputs there are beside code and name; `mayGoOn`: nothing else is missing. */
export function usePersonForm(
  person: Person,
  to: string[],
  fields: readonly PersonField[],
  send: (person: Person, to: string[]) => Promise<void>,
  mayGoOn: () => boolean = () => true,
): PersonForm {
  const form = useRef<HTMLFormElement>(null);
  const live = usePersonCheck(person, to);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [attempted, setAttempted] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const found = problemsByField(live, fields);

  return {
    form,
    attempted,
    busy,
    fault,
    found,
    shown(field, value) {
      const problems = found[field] ?? [];
      // What is being typed is looked at in a moment: until then nobody is told that it is missing.
      if (value.trim() !== '') return problems.filter(({ message }) => brokenRule(message)?.rule !== 'missing');
      return attempted || touched.has(field) ? problems : [];
    },
    touch: (field) => setTouched((all) => new Set(all).add(field)),

    async submit(event) {
      event.preventDefault();
      if (busy || to.length === 0 || !mayGoOn()) return setAttempted(true);
      setBusy(true);
      setFault(null);
      try {
        const problems = await bridge.call('person.check', { person, to });
        if (problems.length > 0) {
          setAttempted(true);
          focusFirst(form.current, problemsByField(problems, fields));
          return;
        }
        await send(person, to);
      } catch (error) {
        setFault(faultOf(error));
      } finally {
        setBusy(false);
      }
    },

    onKeyDown(event) {
      // A scanner ends its code with Enter: then the next empty field is meant, not an incomplete form.
      if (event.key !== 'Enter' || event.nativeEvent.isComposing || !(event.target instanceof HTMLInputElement)) return;
      const next = nextEmpty(form.current, event.target);
      if (!next) return;
      event.preventDefault();
      next.focus();
    },
  };
}

const INPUTS = 'input:not([type="checkbox"]):not([type="radio"]):not([type="file"])[data-field]';

function nextEmpty(form: HTMLFormElement | null, from: HTMLInputElement): HTMLInputElement | null {
  const inputs = [...(form?.querySelectorAll<HTMLInputElement>(INPUTS) ?? [])];
  const at = inputs.indexOf(from);
  return at < 0 ? null : (inputs.slice(at + 1).find((input) => input.value.trim() === '') ?? null);
}

function focusFirst(form: HTMLFormElement | null, found: Record<string, FieldProblem[]>): void {
  const inputs = [...(form?.querySelectorAll<HTMLElement>('[data-field]') ?? [])];
  inputs.find((input) => found[input.dataset.field ?? ''])?.focus();
}
