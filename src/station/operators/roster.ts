import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { FaultError } from '#shared/fault';
import { type Operator, operatorLabelSchema, pinSchema, type Role, roleSchema, sameLabel } from '#shared/operators';
import { writing } from '../disk.ts';
import type { Journal } from '../journal/index.ts';
import { OPERATORS, OPERATORS_LOST } from '../journal/operators-item.ts';
import type { SupervisorPin } from '../pin.ts';
import { type PinGuard, pinHashSchema } from '../pin-guard.ts';
import { afterChange, afterRemoval, freeLabel } from './roster-policy.ts';

/** What a supervisor's PIN that was set before becomes. */
const HEIR = 'supervisor';

const keptSchema = z.object({
  /** Stays when everything else changes; never shown. */
  id: z.string(),
  label: z.string(),
  role: roleSchema,
  pin: pinHashSchema,
  createdAt: z.number(),
});
export type KeptOperator = z.infer<typeof keptSchema>;

const triesOf = (id: string) => `operator-tries:${id}`;

function refused(code: string, field: string, message: string): FaultError {
  return new FaultError({ kind: 'validation', code, field, message });
}

function unknown(label: string): FaultError {
  return refused('unknown-operator', 'label', `there is no operator "${label.slice(0, 64)}"`);
}

/** @throws FaultError `validation` when it is none */
function checked<T>(schema: z.ZodType<T>, value: unknown, field: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refused('argument', field, `${field}: ${parsed.error.issues[0]?.message ?? 'wrong'}`);
}

export interface RosterDeps {
  journal: Journal;
  guard: PinGuard;
  /** The one PIN of a station that had no operators; it becomes an operator's with the first of them. */
  pin: Pick<SupervisorPin, 'handOver'>;
  now(): number;
  actor(): string;
  /** After each change. */
  changed(): void;
}

export type Roster = ReturnType<typeof createRoster>;

/** The site's operators: labels, roles and PINs (salted scrypt), sealed in the journal like everything that tells of people. */
export function createRoster({ journal, guard, pin, now, actor, changed }: RosterDeps) {
  const { records, audit } = journal;
  const all = (): KeptOperator[] => z.array(keptSchema).parse(records.item(OPERATORS) ?? []);
  const isLost = (): boolean => records.item(OPERATORS_LOST) === true;
  const put = (operators: readonly KeptOperator[]): void => {
    records.setItem(OPERATORS, operators, now());
    if (isLost()) records.setItem(OPERATORS_LOST, false, now());
  };
  const find = (label: string): KeptOperator => {
    const found = all().find((one) => sameLabel(one.label, label));
    if (found === undefined) throw unknown(label);
    return found;
  };
  const view = ({ label, role }: KeptOperator): Operator => ({ label, role });
  type Action = 'operator-add' | 'operator-role' | 'operator-pin' | 'operator-remove' | 'operator-clear';
  const note = (action: Action, detail: Record<string, string> = {}) =>
    audit.append({ actor: actor(), action, outcome: 'done', detail }, now());
  const change = <T>(work: () => T): T => {
    const result = writing(() => journal.transaction(work));
    changed();
    return result;
  };

  return {
    list: (): Operator[] => all().map(view),
    /** Whether somebody has to sign in. */
    isSetUp: (): boolean => all().length > 0 || isLost(),
    /** Whether a repair lost them: then nobody can sign in until whoever owns the files adds somebody. */
    isLost,
    /** Null when they were removed. */
    byId: (id: string): KeptOperator | null => all().find((one) => one.id === id) ?? null,

    /** The operator whose PIN it is. FaultError `validation` for an unknown label, `auth` for a wrong PIN. */
    async identify(label: string, given: string): Promise<KeptOperator> {
      const one = find(label);
      await guard.check(triesOf(one.id), given, one.pin, one.label);
      // Somebody may have changed or removed them while the PIN was compared.
      const after = all().find(({ id }) => id === one.id);
      if (after === undefined) throw unknown(label);
      return after;
    },

    /** The first becomes administrator, and takes a supervisor's PIN that was set before over as an operator of its own. */
    async add(entry: { label: string; role: Role; pin: string; mustBeFirst?: boolean }): Promise<KeptOperator> {
      const label = checked(operatorLabelSchema, entry.label, 'label');
      const hash = await guard.hash(checked(pinSchema, entry.pin, 'pin'));
      return change(() => {
        const before = all();
        if (before.some((one) => sameLabel(one.label, label)))
          throw refused('taken', 'label', `there is an operator "${label}" already`);
        const first = before.length === 0;
        if (entry.mustBeFirst && !first) throw refused('has-operators', 'label', 'somebody else was quicker: sign in');
        const role = first ? 'administrator' : entry.role;
        const made: KeptOperator = { id: randomUUID(), label, role, pin: hash, createdAt: now() };
        const inherited = first ? pin.handOver() : null;
        const heir: KeptOperator[] =
          inherited === null
            ? []
            : [
                {
                  id: randomUUID(),
                  label: freeLabel(HEIR, [label]),
                  role: 'supervisor',
                  pin: inherited,
                  createdAt: now(),
                },
              ];
        put([...before, made, ...heir]);
        note('operator-add', { operator: label, role });
        for (const one of heir)
          note('operator-add', { operator: one.label, role: one.role, from: 'the supervisor’s PIN' });
        return made;
      });
    },

    setRole(label: string, role: Role): Operator {
      return change(() => {
        const one = find(label);
        const after = afterChange(all(), one.id, role);
        if (after === null) throw lastAdministrator();
        put(after);
        note('operator-role', { operator: one.label, role, before: one.role });
        return { label: one.label, role };
      });
    },

    /** Without asking for the present one: for whoever may manage operators, or just gave it. */
    async setPin(label: string, next: string): Promise<void> {
      const hash = await guard.hash(checked(pinSchema, next, 'pin'));
      change(() => {
        const { id, label: known } = find(label);
        put(all().map((one) => (one.id === id ? { ...one, pin: hash } : one)));
        guard.forget(triesOf(id));
        note('operator-pin', { operator: known });
      });
    },

    remove(label: string): void {
      change(() => {
        const one = find(label);
        const after = afterRemoval(all(), one.id);
        if (after === null) throw lastAdministrator();
        put(after);
        guard.forget(triesOf(one.id));
        note('operator-remove', { operator: one.label });
      });
    },

    /** The station is as one that never had operators: for whoever owns the files. */
    clear(): void {
      change(() => {
        for (const { id, label } of all()) {
          guard.forget(triesOf(id));
          note('operator-remove', { operator: label });
        }
        put([]);
        note('operator-clear');
      });
    },
  };
}

function lastAdministrator(): FaultError {
  return refused('last-administrator', 'label', 'nobody else is administrator: make somebody one first');
}
