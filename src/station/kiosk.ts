import { createHash } from 'node:crypto';
import type { Consent, kioskCalls } from '#shared/calls/kiosk';
import type { CallName } from '#shared/channels';
import { type ConsentText, consentIn } from '#shared/consent';
import type { Handlers } from '#shared/contract';
import { DEFAULT_CONSENT, fillConsent } from '#shared/kiosk-consent';
import { LANGUAGES, type Language } from '#shared/languages';
import type { Person, PersonKind } from '#shared/person';
import type { ConfiguredPlatform, SettingsStore } from './api.ts';

import { writing } from './disk.ts';
import type { Journal } from './journal/index.ts';
import { createKioskRules, type KioskRules } from './kiosk-rules.ts';
import type { RetentionDays } from './outbox/retention.ts';
import { retentionOf } from './outbox/retention.ts';
import { validPerson } from './people.ts';
import type { PeopleView } from './people-view.ts';
import { type Platforms, platformView } from './platforms.ts';

const DAY_MS = 24 * 60 * 60_000;

export interface KioskDeps {
  journal: Journal;
  settings: SettingsStore;
  platforms: Platforms;
  people: PeopleView;
  retention: RetentionDays | undefined;
  /** Whether faces are kept in numbers, to compare tables with. */
  comparesDesk(): boolean;
  /** The text of the configuration, which the desk asks with. */
  consent?: ConsentText | undefined;
  now(): number;
}

/** Writes an enrolment with a photo that was handed over; its id. */
type Enrol = (
  photo: string,
  entry: {
    person: Person;
    targets: readonly ConfiguredPlatform[];
    onExisting: 'stop';
    onSimilar: 'ask';
    consent: Consent;
  },
) => Promise<string>;

type KioskCall = Extract<CallName, keyof typeof kioskCalls>;

/** What the station demands of one window while it serves visitors. */
export function kioskRules(deps: KioskDeps, isKiosk: () => boolean): KioskRules {
  const { journal, settings, now } = deps;
  const versions = (kind: PersonKind) =>
    new Set(LANGUAGES.map((language) => consentText(deps, language, kind).version));
  return createKioskRules({ journal, settings, isKiosk, versions, usual: (kind) => usual(deps, kind), now });
}

/** The calls of a window that serves visitors themselves. */
export function kioskHandlers(deps: KioskDeps, rules: KioskRules, enrol: Enrol): Pick<Handlers, KioskCall> {
  const { journal, people, now } = deps;
  return {
    'kiosk.consent': async ({ language, kind }) => {
      const { version, text } = consentText(deps, language, kind);
      const item = `consent:${language}:${version}`;
      // Kept for as long as the journal is: what somebody agreed to can be read afterwards.
      if (journal.records.item(item) === null) writing(() => journal.records.setItem(item, { text }, now()));
      rules.told(version, kind);
      return { version, text };
    },
    'kiosk.hosts': async ({ query }) => rules.hosts(query),
    'kiosk.reenrol': async ({ code, photo, consent }) => {
      rules.reenrolling(consent);
      const { person } = rules.byCode(() => people.stored(code));
      const targets = whereTheyAre(deps, code, person.kind);
      const id = await enrol(photo, {
        person: validPerson(person, targets),
        targets,
        onExisting: 'stop',
        onSimilar: 'ask',
        consent,
      });
      rules.done();
      return { id };
    },
  };
}

/** The platforms such a person is enrolled on from a kiosk: the desk's usual ones that can take them. */
function usual({ settings, platforms }: KioskDeps, kind: PersonKind): ConfiguredPlatform[] {
  const { targets } = settings.get();
  return platforms.configured.filter(
    (platform) =>
      (targets === null || targets.includes(platform.id)) &&
      (kind === 'staff' || platformView(platform).capabilities.includes('visitor')),
  );
}

/** Those that have somebody already; where none of them is configured any more, the usual ones. */
function whereTheyAre(deps: KioskDeps, code: string, kind: PersonKind): ConfiguredPlatform[] {
  const has = new Set(deps.people.get(code).platforms.map(({ platform }) => platform));
  const there = deps.platforms.configured.filter(({ id }) => has.has(id));
  return there.length > 0 ? there : usual(deps, kind);
}

/** The kiosk's own text, else the one of the configuration under its own version, else the product's. */
function consentText(deps: KioskDeps, language: Language, kind: PersonKind): { version: string; text: string } {
  const own = deps.settings.get().kioskConsent[language];
  if (own === null && deps.consent) return { version: deps.consent.version, text: consentIn(deps.consent, language) };
  const retention = retentionOf(deps.retention);
  const facts = {
    systems: usual(deps, kind).map((platform) => platformView(platform).title),
    deliveredPhotosDays: Math.ceil(retention.deliveredMs / DAY_MS),
    failedPhotosDays: Math.ceil(retention.failedMs / DAY_MS),
    receiptsDays: retention.receiptsMs === null ? null : Math.ceil(retention.receiptsMs / DAY_MS),
    compared: deps.comparesDesk(),
  };
  const text = fillConsent(own ?? DEFAULT_CONSENT[language], facts, language);
  return { version: versionOf(language, text), text };
}

/** Names words by what they are: another text has another version, the same text the same one on every station. */
function versionOf(language: Language, text: string): string {
  return `${language}-${createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16)}`;
}
