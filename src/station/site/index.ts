import { PLATFORM_KINDS, type PlatformDefinition } from '#platforms/contract';
import { describeForm } from '#platforms/core/form';
import type { PlatformDraft, SitePlatform, SiteProblem, SiteTrial, SiteView } from '#shared/calls/site';
import { FaultError } from '#shared/fault';
import { type FormField, flattenEntry } from '#shared/platform-form';
import type { Definitions } from '../api.ts';
import { writing } from '../disk.ts';
import type { AuditAction } from '../journal/audit.ts';
import type { Journal } from '../journal/index.ts';
import type { Platforms } from '../platforms.ts';
import { createCertificates } from './certificates.ts';
import { type Drafted, draftEntry, formProblems, variableOf } from './draft.ts';
import type { Site } from './entries.ts';
import { allPlatforms, type Entry, type Problems } from './kept.ts';
import { certificateAt, type TrialDeps, tryPlatform } from './trial.ts';

export interface SiteDeskDeps extends TrialDeps {
  dataDir: string;
  journal: Journal;
  definitions: Definitions;
  actor(): string;
  platforms: Platforms;
  /** How long things are kept now, and what of it the configuration says. */
  keeping(): SiteView['keeping'];
  /** A platform was added, changed or taken out of use. */
  changed(id: string): void;
  /** Gives up a delivery; false when it was just at work. */
  stop(delivery: string): boolean;
  closing: AbortSignal;
}

export type SiteDesk = ReturnType<typeof createSiteDesk>;

/** The platforms of a site as an administrator sets them up at the desk. */
export function createSiteDesk(site: Site, deps: SiteDeskDeps) {
  const { journal, platforms, definitions, now, sleep, actor } = deps;
  const certificates = createCertificates(deps.dataDir, () => site.certificates());

  const definitionOf = (kind: string): PlatformDefinition => {
    const definition = definitions(kind);
    if (definition !== undefined) return definition;
    throw new FaultError({
      kind: 'validation',
      code: 'kind',
      field: 'kind',
      message: 'there is no such kind of platform',
    });
  };

  /** Gives up a delivery, at once, or when the attempt that is at work on it has ended: its platform is not asked again. */
  const stopWhenIdle = async (delivery: string): Promise<void> => {
    while (!deps.stop(delivery) && journal.deliveries.view(delivery)?.state === 'running')
      await sleep(IDLE_MS, deps.closing);
  };

  const note = (action: AuditAction, platform: string, detail: Record<string, string | number>): void => {
    journal.audit.append({ actor: actor(), action, platform, outcome: 'done', detail }, now());
  };

  const view = (id: string, troubled: ReadonlyMap<string, Problems>): SitePlatform[] => {
    const entry = site.entry(id);
    const definition = definitions(String(entry.kind));
    if (definition === undefined) return [];
    const fields = describeForm(definition);
    const secrets = journal.secrets.list();
    const counts = journal.deliveries.counts(id);
    return [
      {
        id,
        kind: definition.kind,
        from: site.own(id) === null ? 'start' : 'kept',
        values: flattenEntry(
          entry,
          fields.filter(({ kind }) => kind !== 'secret'),
        ),
        variables: Object.fromEntries(
          Object.entries(entry).flatMap(([field, value]) => {
            const name = variableOf(value);
            return name === null ? [] : [[field, name]];
          }),
        ),
        secrets: definition.secrets.map((field) => secretView(id, field, entry[field], secrets)),
        problems: formProblems(troubled.get(id) ?? []),
        waiting: counts.queued + counts.running + counts.waiting + counts.asking,
        people: journal.deliveries.peopleOn(id),
      },
    ];
  };

  /** A form as an entry, with a CA's certificate that came with it put where the entry can name it. */
  const drafted = async (id: string | null, draft: PlatformDraft, fields: readonly FormField[]): Promise<Drafted> => {
    const before = id === null ? null : site.own(id);
    const result = draftEntry(draft, before?.entry ?? null, fields, before?.configDir ?? null);
    if (draft.caPem === undefined) return result;
    const name = await certificates.keep(draft.caPem);
    if (name === null) {
      const problem: SiteProblem = { path: 'tls.ca', code: 'ca', message: 'this is no certificate in PEM form' };
      return { ...result, problems: [...result.problems, problem] };
    }
    return { ...result, entry: { ...result.entry, tls: { ca: name } } };
  };

  async function trial(id: string | null, draft: PlatformDraft): Promise<SiteTrial> {
    const definition = definitionOf(draft.kind);
    const fields = describeForm(definition);
    const { entry, secrets, problems } = await drafted(id, draft, fields);
    // What is chosen from the platform's own lists can only be chosen when it was reached once.
    const unset = new Set(
      fields
        .filter(({ path, required, section }) => required && section === 'place' && entry[path] === undefined)
        .map(({ path }) => path),
    );
    const whole = { ...Object.fromEntries([...unset].map((path) => [path, UNSET])), ...entry };
    const name = id ?? 'new';
    const read = site.read(name, whole);
    const all = [...problems, ...('problems' in read ? formProblems(read.problems) : [])];
    if ('problems' in read || all.length > 0)
      return { problems: firstOf(all), lines: [], certificate: null, lists: null, detail: null };
    const secret = (_platform: string, field: string) =>
      secrets[field] ?? (id === null ? null : journal.secrets.get(id, field));
    return { problems: [], ...(await tryPlatform(deps, read.platform, fields, secret, unset, deps.closing)) };
  }

  async function save(id: string, add: boolean, draft: PlatformDraft): Promise<SiteProblem[]> {
    const definition = definitionOf(draft.kind);
    const fields = describeForm(definition);
    const there = site.ids().includes(id);
    if (add && there) return [{ path: 'id', code: 'taken', message: 'there is a platform of that name' }];
    if (!add) demandOwn(site, id);
    const before = add ? null : (site.own(id)?.entry ?? null);
    if (before !== null && before.kind !== draft.kind)
      return [{ path: 'kind', code: 'wrong', message: 'a platform stays of its kind: add another one' }];
    const { entry, secrets, problems } = await drafted(add ? null : id, draft, fields);
    const read = site.read(id, entry);
    const all = [...problems, ...('problems' in read ? formProblems(read.problems) : [])];
    if (!('problems' in read)) {
      const others = platforms.configured.filter((platform) => platform.id !== id);
      const twin = allPlatforms(others, [read]).troubled.get(id);
      if (twin !== undefined) all.push(...formProblems(twin));
    }
    if (all.length > 0) return firstOf(all);
    writing(() =>
      journal.transaction(() => {
        site.put(id, entry, now());
        for (const [field, value] of Object.entries(secrets)) journal.secrets.set(id, field, value, now());
        const changed = Object.keys({ ...before, ...entry }).filter(
          (field) => JSON.stringify(before?.[field]) !== JSON.stringify(entry[field]),
        );
        // Which fields and which secrets, never their values.
        note(add ? 'platform-add' : 'platform-change', id, {
          kind: draft.kind,
          fields: changed.join(' '),
          secrets: Object.keys(secrets).join(' '),
        });
      }),
    );
    // The same entry with another secret is another connection, too.
    if (Object.keys(secrets).length > 0) platforms.forget(id);
    platforms.change(site.all().inUse);
    deps.changed(id);
    return [];
  }

  return {
    view(): SiteView {
      const { troubled } = site.all();
      const base = site.base();
      const started = base.remembered !== true;
      return {
        kinds: PLATFORM_KINDS.flatMap((kind) => {
          const definition = definitions(kind);
          return definition === undefined ? [] : [{ kind, title: definition.title, fields: describeForm(definition) }];
        }),
        platforms: site.ids().flatMap((id) => view(id, troubled)),
        started,
        quality: base.quality ?? null,
        retention: base.retention ?? null,
        keeping: deps.keeping(),
        compareDesk: base.imports?.compareDesk ?? null,
      };
    },

    /** What a try brought along is not kept. */
    test: (id: string | null, draft: PlatformDraft): Promise<SiteTrial> => certificates.during(() => trial(id, draft)),

    save: (id: string, add: boolean, draft: PlatformDraft): Promise<SiteProblem[]> =>
      certificates.during(() => save(id, add, draft)),

    async remove(id: string, deliveries: 'keep' | 'stop'): Promise<{ stopped: number }> {
      const { entry } = demandOwn(site, id);
      const open = deliveries === 'keep' ? [] : journal.deliveries.list({ platform: id, states: [...OPEN] });
      writing(() =>
        journal.transaction(() => {
          site.put(id, null, now());
          for (const { platform, field } of journal.secrets.list())
            if (platform === id) journal.secrets.clear(platform, field);
          note('platform-remove', id, { kind: String(entry.kind), deliveries });
        }),
      );
      platforms.change(site.all().inUse);
      for (const { id: delivery } of open)
        void stopWhenIdle(delivery).catch((error) => {
          // Not because the station closes: then it is as it is kept.
          if (!deps.closing.aborted) deps.unexpected('platform-remove', error);
        });
      deps.changed(id);
      await certificates.tidy();
      return { stopped: open.length };
    },

    certificate: (baseUrl: string) => certificateAt(baseUrl),
  };
}

const OPEN = ['queued', 'running', 'waiting', 'asking'] as const;

/** How often a delivery that is at work is asked whether it still is. */
const IDLE_MS = 200;

/** Stands for a place nobody has chosen yet while a platform is tried. */
const UNSET = 'not-chosen-yet';

function secretView(
  platform: string,
  field: string,
  value: unknown,
  kept: ReturnType<Journal['secrets']['list']>,
): SitePlatform['secrets'][number] {
  const inVault = kept.find((one) => one.platform === platform && one.field === field);
  if (value === undefined) return { field, origin: 'none', set: false, updatedAt: null };
  if (typeof value === 'string') return { field, origin: 'config', set: true, updatedAt: null };
  if (variableOf(value) !== null) return { field, origin: 'env', set: true, updatedAt: null };
  return { field, origin: 'vault', set: inVault !== undefined, updatedAt: inVault?.updatedAt ?? null };
}

/** One complaint a field: the first. */
function firstOf(problems: readonly SiteProblem[]): SiteProblem[] {
  return problems.filter(({ path }, at) => problems.findIndex((other) => other.path === path) === at);
}

/** What may be changed here; FaultError `validation` names why it may not. */
function demandOwn(site: Site, id: string): { entry: Entry } {
  const own = site.own(id);
  if (own !== null) return own;
  const given = site.started(id);
  throw new FaultError({
    kind: 'validation',
    code: given ? 'platform-given' : 'platform',
    field: 'id',
    message: given
      ? 'this platform comes from the configuration the station was started with: change it there'
      : 'there is no such platform',
  });
}
