import type { PresenceRecord, PresenceReport } from '#shared/calls/presence';
import type { Handlers, Output, PhotoView, Received, Settings } from '#shared/contract';
import { FaultError } from '#shared/fault';
import { dayOf } from '#shared/visits';
import type { ConfiguredPlatform, Diagnostics, LoadedConfig, SecretVault, SettingsStore, Station } from './api.ts';
import { assess, type Checker, criteriaOf, inspectPicture } from './check.ts';
import { diagnosticsHandlers } from './diagnostics/handlers.ts';
import { writing } from './disk.ts';
import { enrolmentView } from './enrolment.ts';
import type { GateMonitor } from './gates/index.ts';
import { type Master, makeMaster, type StoredPhoto } from './imaging/master.ts';
import { makeRendition } from './imaging/rendition.ts';
import type { importHandlers } from './import/handlers.ts';
import type { Journal } from './journal/index.ts';
import { type KioskDeps, kioskHandlers, kioskRules } from './kiosk.ts';
import { enrolmentAtKiosk, platformAtKiosk } from './kiosk-view.ts';
import type { LiveCriteria } from './live-criteria.ts';
import type { operatorHandlers } from './operators/handlers.ts';
import { problemsFor, resolveTargets, validPerson } from './people.ts';
import type { PeopleView } from './people-view.ts';
import type { PhotoTokens } from './photos.ts';
import type { SupervisorPin } from './pin.ts';
import { type Platforms, platformView } from './platforms.ts';
import type { PresenceDesk } from './presence.ts';
import type { createSelftest } from './selftest/index.ts';
import type { siteHandlers } from './site/handlers.ts';
import type { KeyDesk } from './vault/change.ts';
import type { visitHandlers } from './visits/handlers.ts';

export interface HandlerDeps {
  journal: Journal;
  platforms: Platforms;
  checker: Checker;
  live: LiveCriteria;
  photos: PhotoTokens;
  settings: SettingsStore;
  /** Writes the enrolment and starts delivering; its id. */
  create(entry: {
    person: ReturnType<typeof validPerson>;
    master: StoredPhoto;
    targets: readonly ConfiguredPlatform[];
    onExisting: 'update' | 'stop';
    onSimilar: 'ask' | 'force' | 'stop';
    consent: { version: string; at: number } | null;
    presence: PresenceRecord | null;
  }): Promise<string>;
  /** What people are asked to agree to. */
  consent: LoadedConfig['consent'];
  diagnostics: Diagnostics;
  people: PeopleView;
  secrets: SecretVault;
  pin: SupervisorPin;
  presence: PresenceDesk;
  readonly retention: KioskDeps['retention'];
  comparesDesk: KioskDeps['comparesDesk'];
  site: ReturnType<typeof siteHandlers>;
  selftest: ReturnType<typeof createSelftest>;
  /** Settings changed here, not by what is remembered of an earlier configuration. Within a transaction. */
  released(fields: readonly (keyof Settings)[]): void;
  audit: Station['audit'];
  testPlatform: Station['testPlatform'];
  verify: Station['verify'];
  remove: Station['remove'];
  outbox: Station['outbox'];
  /** Both faces of a delivery that asks. */
  faces(id: string): Promise<Output<'delivery.faces'>>;
  /** Aborted when the station closes. */
  closing: AbortSignal;
  /** Who acts now, for the audit trail. */
  actor(): string;
  now(): number;
  /** Whether this window serves visitors now. */
  isKiosk(): boolean;
  /** Whether this window may ask about an enrolment. */
  mayAskAbout(enrolment: string): boolean;
  /** An enrolment was made at this window. */
  enrolled(enrolment: string): void;
  /** The calls about who is at the desk. */
  atDesk: ReturnType<typeof operatorHandlers>;
  imports: ReturnType<typeof importHandlers>;
  visits: ReturnType<typeof visitHandlers>;
  gates: GateMonitor['handlers'];
  /** The calls about the data key. */
  key: KeyDesk['handlers'];
}

/** What the desk is shown of a photo: framed as platforms get it. */
const PREVIEW = { width: 480, height: 640, maxBytes: 200_000, headShare: 0.6 } as const;

async function preview(master: Master): Promise<PhotoView['preview']> {
  const { bytes } = await makeRendition(master.bytes, master.head, PREVIEW);
  return new Uint8Array(bytes);
}

/** The platforms pictures are judged for before anybody says whom they are for: the desk's usual ones, else all. */
function chosen({ settings, platforms }: Pick<HandlerDeps, 'settings' | 'platforms'>): string[] | undefined {
  const usual = settings.get().targets?.filter((id) => platforms.has(id));
  return usual?.length ? usual : undefined;
}

async function submit(deps: HandlerDeps, bytes: Uint8Array, report: PresenceReport | undefined): Promise<PhotoView> {
  const presence = deps.presence.record(report);
  // The renderer's own verdict is a guide for the person; this one decides.
  const asking = deps.live.refresh();
  const inspection = await inspectPicture(deps.checker.inspector, { bytes }, deps.closing);
  await asking;
  const { accepted, faces, reasons, platforms } = assess(inspection, deps.checker, chosen(deps));
  const predictions: PhotoView['predictions'] = {};
  for (const [id, prediction] of Object.entries(platforms)) if (prediction !== null) predictions[id] = prediction;
  const master = faces === 0 ? null : await makeMaster(bytes, inspection);
  const shown = master === null ? null : await preview(master);
  const token = accepted && master !== null ? deps.photos.keep({ master, presence }) : null;
  if (token === null) master?.bytes.fill(0);
  else deps.presence.spend(report);
  return { token, accepted, faces, reasons, predictions, preview: shown };
}

/** Without the fields that were not given: `undefined` must not overwrite. */
function given(patch: Received<'settings.set'>): Partial<Settings> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

/** The audit trail is told which settings changed, never to what. */
function changeSettings(deps: HandlerDeps, patch: Partial<Settings>): Settings {
  const { settings, journal, actor, now } = deps;
  const before = settings.get();
  journal.transaction(() => deps.released(Object.keys(patch) as (keyof Settings)[]));
  const after = settings.set(patch);
  const fields = (Object.keys(after) as (keyof Settings)[]).filter(
    (field) => JSON.stringify(after[field]) !== JSON.stringify(before[field]),
  );
  if (fields.length > 0) {
    const detail = { fields: fields.join(' ') };
    journal.audit.append({ actor: actor(), action: 'settings', outcome: 'done', detail }, now());
  }
  return after;
}

function unknownEnrolment(): FaultError {
  return new FaultError({
    kind: 'validation',
    code: 'unknown-enrolment',
    field: 'id',
    message: 'there is no such enrolment',
  });
}

function stricter(measures: readonly string[]): FaultError {
  return new FaultError({
    kind: 'quality',
    code: 'stricter',
    field: 'photo',
    message: `a platform chosen here is stricter than the ones the photo was judged for (${measures.join(', ')}): take another photo, or leave that platform out`,
  });
}

function otherCode(): FaultError {
  return new FaultError({
    kind: 'validation',
    code: 'other-code',
    field: 'code',
    message:
      'the code is who this is and cannot be changed: enrol the new code as somebody new, and remove the old one',
  });
}

/** Every call of the contract, on the station's parts. Arguments were validated by `dispatch`. */
export function createHandlers(
  deps: HandlerDeps,
  app: { version: string; shell: 'electron' | 'loopback'; lab: string | null },
): Handlers {
  const { journal, platforms, checker, live, photos, outbox, people, secrets } = deps;
  const rules = kioskRules(deps, deps.isKiosk);

  const enrolment = (id: string) => {
    const record = journal.records.find(id);
    if (record === null || !deps.mayAskAbout(id)) throw unknownEnrolment();
    const view = enrolmentView(journal, record);
    return deps.isKiosk() ? enrolmentAtKiosk(view, deps.now()) : view;
  };
  /** A platform chosen beside the usual ones may be stricter than what the photo was judged by. */
  const demandGood = (master: Master, targets: readonly ConfiguredPlatform[]): void => {
    const judged = chosen(deps);
    if (judged === undefined || targets.every(({ id }) => judged.includes(id))) return;
    const ids = targets.map(({ id }) => id);
    const { accepted, reasons } = assess(master.inspection, checker, ids);
    if (!accepted) throw stricter(reasons.map(({ measure }) => measure));
  };
  /** Writes an enrolment with a photo that was handed over; when that fails, the person at the desk tries again with the same photo. */
  const withPhoto = async (
    token: string,
    entry: Omit<Parameters<HandlerDeps['create']>[0], 'master' | 'presence'>,
  ): Promise<string> => {
    const photo = photos.take(token);
    try {
      demandGood(photo.master, entry.targets);
      const id = await deps.create({ ...entry, ...photo });
      photo.master.bytes.fill(0);
      return id;
    } catch (error) {
      photos.putBack(token, photo);
      throw error;
    }
  };
  const delivery = ({ code: _code, ...view }: ReturnType<typeof outbox.retry>) => view;

  return {
    // The lab's page orders faults and shows everybody: it is no visitor's.
    'app.info': async () => ({
      ...app,
      ...(deps.isKiosk() && { lab: null }),
      ...(deps.consent && { consent: deps.consent }),
    }),
    'settings.get': async () => deps.settings.get(),
    'settings.set': async (patch) => writing(() => changeSettings(deps, given(patch))),
    'quality.criteria': async () => {
      await live.refresh();
      return criteriaOf(checker, chosen(deps));
    },
    ...diagnosticsHandlers(deps.diagnostics),
    'platforms.list': async () => {
      const views = platforms.configured.map(platformView);
      return deps.isKiosk() ? views.map(platformAtKiosk) : views;
    },
    'platforms.test': ({ id }) => deps.testPlatform(id, deps.closing),
    'person.check': async ({ person, to }) =>
      problemsFor(person, to.length === 0 ? [] : resolveTargets(to, platforms.configured)),
    'photo.submit': ({ bytes, presence }) => submit(deps, bytes, presence),
    'photo.discard': async ({ token }) => {
      photos.discard(token);
      return undefined;
    },
    'enrolment.create': async ({ photo, person, to, onExisting, onSimilar, consent = null, pin }) => {
      const targets = resolveTargets(to, platforms.configured);
      const valid = validPerson(rules.enrolling(person, targets, consent ?? undefined), targets);
      if (onSimilar === 'force') await deps.pin.demand(pin);
      const written = await withPhoto(photo, { person: valid, targets, onExisting, onSimilar, consent });
      rules.done();
      deps.enrolled(written);
      return enrolment(written);
    },
    'enrolment.get': async ({ id }) => enrolment(id),
    'enrolment.list': async ({ limit }) =>
      journal.records.latest(limit, { somewhere: true }).map((record) => enrolmentView(journal, record)),
    'delivery.retry': async ({ id }) => delivery(outbox.retry(id)),
    'delivery.answer': async ({ id, answer, pin }) => {
      if (answer === 'force') await deps.pin.demand(pin);
      return delivery(outbox.answer(id, answer));
    },
    'delivery.faces': ({ id }) => deps.faces(id),
    'outbox.platforms': async () => outbox.platforms(),
    'outbox.held': async (page) => {
      // The day of this computer's clock, as everything at the desk.
      const today = dayOf(deps.now()).from;
      const { total, ids } = journal.deliveries.held({ ...page, today });
      return { total, counts: journal.deliveries.glance(today), enrolments: ids.map(enrolment) };
    },

    'people.find': async (question) => people.find(question),
    'people.get': async ({ code }) => people.get(code),
    'people.enrol': async ({ code, photo, to, person, onExisting, onSimilar, consent, pin }) => {
      const stored = people.stored(code);
      if (person !== undefined && person.code !== code) throw otherCode();
      const targets = resolveTargets(to, platforms.configured);
      const valid = validPerson(person ?? stored.person, targets);
      if (onSimilar === 'force') await deps.pin.demand(pin);
      const entry = { person: valid, targets, onExisting, onSimilar, consent: consent ?? stored.consent };
      if (photo !== null) return enrolment(await withPhoto(photo, entry));
      const master = await stored.photo();
      const id = await deps.create({ ...entry, master, presence: stored.presence });
      master.bytes.fill(0);
      return enrolment(id);
    },
    'people.verify': ({ code }) => deps.verify(code, deps.closing),
    'people.remove': ({ code, from }) => deps.remove(code, from ?? ['all'], deps.closing),
    'people.export': async ({ code }) => ({ json: `${JSON.stringify(await people.export(code), null, 2)}\n` }),

    'vault.status': async () => secrets.status(),
    'vault.set': async ({ platform, field, value }) => {
      secrets.set(platform, field, value);
      return undefined;
    },
    'vault.clear': async ({ platform, field }) => {
      secrets.clear(platform, field);
      return undefined;
    },
    'vault.test': async ({ platform }) => {
      const { ok, fault } = await deps.testPlatform(platform, deps.closing);
      return { ok, fault };
    },
    'pin.status': async () => deps.pin.status(),
    'pin.set': async ({ pin, current }) => {
      await deps.pin.set(pin, current);
      return undefined;
    },
    'presence.skip': async ({ pin }) => ({ permission: await deps.presence.permit(pin) }),
    'audit.status': async () => {
      const report = deps.audit.verify();
      if (report.whole) return { ...report, seq: null, reason: null };
      return report;
    },
    ...kioskHandlers(deps, rules, withPhoto),
    ...deps.atDesk,
    ...deps.imports,
    ...deps.visits,
    'visits.passes': async (which) => {
      if (!deps.mayAskAbout(which.enrolment)) throw unknownEnrolment();
      return deps.visits['visits.passes'](which);
    },
    ...deps.gates,
    ...deps.key,
    ...deps.site,
    'selftest.step': ({ step }) => deps.selftest.run(step),
  };
}
