import { z } from 'zod';
import type { Consent, KioskPurpose } from '#shared/calls/kiosk';
import { FaultError } from '#shared/fault';
import { displayName, type Person, type PersonKind } from '#shared/person';
import { isVisitorCode } from '#shared/visits';
import type { ConfiguredPlatform, SettingsStore } from './api.ts';
import { writing } from './disk.ts';
import type { Journal } from './journal/index.ts';
import {
  afterUnknownCode,
  ask,
  codesStillCounted,
  consentProblem,
  fullAllowance,
  HOSTS_PACE,
  isTooShort,
  type Pace,
  purposeOf,
  type Shown,
  STAFF_PACE,
} from './kiosk-policy.ts';
import { isFound } from './people-view.ts';
import { lockedFor, NO_TRIES } from './pin-policy.ts';

/** The count of unknown codes, by all windows of the station together. */
const CODE_TRIES = 'kiosk-code-tries';
const triesSchema = z.object({ failures: z.number(), since: z.number(), until: z.number() });

/** So many hosts are suggested at once. */
const OFFERED = 5;

function refused(code: string, field: string, message: string): FaultError {
  return new FaultError({ kind: 'validation', code, field, message });
}

export interface KioskRulesDeps {
  journal: Journal;
  settings: SettingsStore;
  /** Whether this window serves visitors now. */
  isKiosk(): boolean;
  /** The versions of the words that hold now for such a person, in every language. */
  versions(kind: PersonKind): ReadonlySet<string>;
  /** Where such a person is enrolled from a kiosk: what the words name. */
  usual(kind: PersonKind): readonly ConfiguredPlatform[];
  now(): number;
}

export type KioskRules = ReturnType<typeof createKioskRules>;

/** What the station itself demands of an enrolment from a window that nobody attends, whatever its page says. One for each window. */
export function createKioskRules({ journal, settings, isKiosk, versions, usual, now }: KioskRulesDeps) {
  const { records } = journal;
  const shown = new Map<string, Shown>();
  /** @throws FaultError `rate` while this was asked too often */
  const paced = (pace: Pace, code: string, message: string) => {
    let allowance = fullAllowance(pace);
    return () => {
      const next = ask(allowance, pace, now());
      allowance = next.allowance;
      if (!next.granted) throw new FaultError({ kind: 'rate', code, message, retryAfterMs: pace.refillMs });
    };
  };
  const oneMoreQuestion = paced(HOSTS_PACE, 'hosts', 'too many questions at once');
  const oneMoreOfStaff = paced(STAFF_PACE, 'kiosk-often', 'too many people enrolled themselves here in a short time');
  const tries = () => {
    const item = records.item(CODE_TRIES);
    return item === null ? NO_TRIES : triesSchema.parse(item);
  };

  const admit = (purpose: KioskPurpose, kind: PersonKind, consent: Consent | undefined): void => {
    if (!settings.get().kioskPurposes.includes(purpose))
      throw refused('kiosk-purpose', 'kind', 'this kiosk does not offer that');
    const problem = consentProblem(consent, kind, shown, versions(kind), now());
    if (problem !== null)
      throw refused('consent', 'consent', `what the person agreed to is ${problem}: they have to be asked again`);
  };

  return {
    /** This window was told these words. */
    told(version: string, kind: PersonKind): void {
      shown.set(version, { kind, at: now() });
    },

    /**
     * The person as they are enrolled from here; at a desk, as they are.
     * @throws FaultError `validation`: `kiosk-purpose`, `consent`, `kiosk-target`, `kiosk-code`; `rate`, `kiosk-often`
     */
    enrolling(person: Person, targets: readonly ConfiguredPlatform[], consent: Consent | undefined): Person {
      if (!isKiosk()) return person;
      admit(purposeOf(person.kind), person.kind, consent);
      const named = new Set(usual(person.kind).map(({ id }) => id));
      if (!targets.every(({ id }) => named.has(id)))
        throw refused('kiosk-target', 'to', 'from a kiosk people are enrolled where the words they agreed to say');
      // A visitor's code is made, never chosen: with a chosen one, whether it is taken could be seen by what becomes of it.
      if (person.kind === 'visitor' && !isVisitorCode(person.code))
        throw refused('kiosk-code', 'code', 'a visitor’s code is made by the station');
      if (person.kind === 'staff') oneMoreOfStaff();
      return settings.get().kioskHosts ? withHost(journal, person) : person;
    },

    /** @throws FaultError `validation`: `kiosk-purpose`, `consent` */
    reenrolling(consent: Consent): void {
      if (isKiosk()) admit('reenrol', 'staff', consent);
    },

    /** Somebody was enrolled: the next one is asked anew. */
    done(): void {
      shown.clear();
    },

    /**
     * What is known by a code. Unknown ones are counted, so that codes cannot be guessed by the thousand.
     * @throws FaultError `rate`, `code-locked`, and whatever `find` throws
     */
    byCode<T>(find: () => T): T {
      const counted = codesStillCounted(tries(), now());
      const wait = lockedFor(counted, now());
      if (wait > 0) {
        const message = `too many unknown codes: try again in ${Math.ceil(wait / 1000)} seconds`;
        throw new FaultError({ kind: 'rate', code: 'code-locked', field: 'code', message, retryAfterMs: wait });
      }
      try {
        return find();
      } catch (error) {
        writing(() => records.setItem(CODE_TRIES, afterUnknownCode(tries(), now()), now()));
        throw error;
      }
    },

    /** Staff whose name begins so, where the site suggests them. @throws FaultError `rate` */
    hosts(query: string): { name: string }[] {
      if (!settings.get().kioskHosts || isTooShort(query)) return [];
      oneMoreQuestion();
      const found = new Set<string>();
      for (const { name } of staff(journal)) {
        if (isFound(query, '', name)) found.add(name);
        if (found.size === OFFERED) break;
      }
      return [...found].map((name) => ({ name }));
    },
  };
}

function* staff(journal: Journal): Generator<{ code: string; name: string }> {
  for (const { kind, code, name } of journal.records.everybody())
    if (kind === 'staff') yield { code, name: displayName(name) };
}

/** A host who was typed or chosen by name, by their code, which platforms find them by; as typed where nobody or several are called so. */
function withHost(journal: Journal, person: Person): Person {
  const typed = person.visit?.host?.trim();
  if (!typed) return person;
  const called = [...staff(journal)].filter(({ name }) => name === typed);
  const [only] = called;
  return called.length === 1 && only ? { ...person, visit: { ...person.visit, host: only.code } } : person;
}
