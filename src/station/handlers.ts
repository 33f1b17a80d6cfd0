import type { Handlers, PhotoView, Received, Settings } from '#shared/contract';
import { FaultError } from '#shared/fault';
import type { ConfiguredPlatform, SettingsStore, Station } from './api.ts';
import { assess, type Checker, criteriaOf, inspectPicture } from './check.ts';
import { enrolmentView } from './enrolment.ts';
import { type Master, makeMaster } from './imaging/master.ts';
import { makeRendition } from './imaging/rendition.ts';
import type { Journal } from './journal/index.ts';
import { problemsFor, resolveTargets, validPerson } from './people.ts';
import type { PhotoTokens } from './photos.ts';
import { type Platforms, platformView } from './platforms.ts';

export interface HandlerDeps {
  journal: Journal;
  platforms: Platforms;
  checker: Checker;
  photos: PhotoTokens;
  settings: SettingsStore;
  /** Writes the enrolment and starts delivering; its id. */
  create(entry: {
    person: ReturnType<typeof validPerson>;
    master: Master;
    targets: readonly ConfiguredPlatform[];
    onExisting: 'update' | 'stop';
    onSimilar: 'ask' | 'force' | 'stop';
  }): Promise<string>;
  testPlatform: Station['testPlatform'];
  outbox: Station['outbox'];
  /** Aborted when the station closes. */
  closing: AbortSignal;
}

/** What the desk is shown of a photo: framed as platforms get it. */
const PREVIEW = { width: 480, height: 640, maxBytes: 200_000, headShare: 0.6 } as const;

async function preview(master: Master): Promise<PhotoView['preview']> {
  const { bytes } = await makeRendition(master.bytes, master.head, PREVIEW);
  return new Uint8Array(bytes);
}

async function submit(deps: HandlerDeps, bytes: Uint8Array): Promise<PhotoView> {
  // The renderer's own verdict is a guide for the person; this one decides.
  const inspection = await inspectPicture(deps.checker.inspector, { bytes }, deps.closing);
  const { accepted, faces, reasons, platforms } = assess(inspection, deps.checker);
  const predictions: PhotoView['predictions'] = {};
  for (const [id, prediction] of Object.entries(platforms)) if (prediction !== null) predictions[id] = prediction;
  const master = faces === 0 ? null : await makeMaster(bytes, inspection);
  const shown = master === null ? null : await preview(master);
  const token = accepted && master !== null ? deps.photos.keep(master) : null;
  if (token === null) master?.bytes.fill(0);
  return { token, accepted, faces, reasons, predictions, preview: shown };
}

/** Without the fields that were not given: `undefined` must not overwrite. */
function given(patch: Received<'settings.set'>): Partial<Settings> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

function unknownEnrolment(): FaultError {
  return new FaultError({
    kind: 'validation',
    code: 'unknown-enrolment',
    field: 'id',
    message: 'there is no such enrolment',
  });
}

/** Every call of the contract, on the station's parts. Arguments were validated by `dispatch`. */
export function createHandlers(
  deps: HandlerDeps,
  app: { version: string; shell: 'electron' | 'loopback'; lab: string | null },
): Handlers {
  const { journal, platforms, checker, photos, outbox } = deps;

  const enrolment = (id: string) => {
    const record = journal.records.find(id);
    if (record === null) throw unknownEnrolment();
    return enrolmentView(journal, record);
  };
  const delivery = ({ code: _code, ...view }: ReturnType<typeof outbox.retry>) => view;

  return {
    'app.info': async () => ({ ...app }),
    'settings.get': async () => deps.settings.get(),
    'settings.set': async (patch) => deps.settings.set(given(patch)),
    'quality.criteria': async () => criteriaOf(checker),
    'platforms.list': async () => platforms.configured.map(platformView),
    'platforms.test': ({ id }) => deps.testPlatform(id, deps.closing),
    'person.check': async ({ person, to }) =>
      problemsFor(person, to.length === 0 ? [] : resolveTargets(to, platforms.configured)),
    'photo.submit': ({ bytes }) => submit(deps, bytes),
    'photo.discard': async ({ token }) => {
      photos.discard(token);
      return undefined;
    },
    'enrolment.create': async ({ photo, person, to, onExisting, onSimilar }) => {
      const targets = resolveTargets(to, platforms.configured);
      const valid = validPerson(person, targets);
      const master = photos.take(photo);
      let id: string;
      try {
        id = await deps.create({ person: valid, master, targets, onExisting, onSimilar });
      } catch (error) {
        // The person at the desk tries again with the same photo.
        photos.putBack(photo, master);
        throw error;
      }
      master.bytes.fill(0);
      return enrolment(id);
    },
    'enrolment.get': async ({ id }) => enrolment(id),
    'enrolment.list': async ({ limit }) =>
      journal.records.latest(limit).map((record) => enrolmentView(journal, record)),
    'delivery.retry': async ({ id }) => delivery(outbox.retry(id)),
    'delivery.answer': async ({ id, answer }) => delivery(outbox.answer(id, answer)),
  };
}
