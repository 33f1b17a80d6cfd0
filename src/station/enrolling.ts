import type { Logger } from 'pino';
import { FaultError } from '#shared/fault';
import type { EnrolRequest, EnrolResult, StationOptions } from './api.ts';
import { assess, type Checker, inspectPicture } from './check.ts';
import type { createDiagnostics } from './diagnostics/index.ts';
import { enrolmentView, type NewEnrolment, writeEnrolment } from './enrolment.ts';
import { makeMaster } from './imaging/master.ts';
import type { Journal } from './journal/index.ts';
import type { LiveCriteria } from './live-criteria.ts';
import { resolveTargets, validPerson } from './people.ts';
import type { Platforms } from './platforms.ts';
import type { PhotoVault } from './vault/photos.ts';
import type { Hosts } from './visits/hosts.ts';
import { planOf } from './visits/policy.ts';

export interface EnrollingDeps extends Pick<StationOptions, 'inspector' | 'settings'> {
  journal: Journal;
  vault: PhotoVault;
  platforms: Platforms;
  checker: Checker;
  live: Pick<LiveCriteria, 'refresh'>;
  diagnostics: Pick<ReturnType<typeof createDiagnostics>, 'foretell'>;
  hosts: Pick<Hosts, 'toKeep'>;
  /** Whether somebody stands at this desk: then a visitor who is enrolled has arrived. */
  atDesk: boolean;
  now(): number;
  actor(): string;
  log: Pick<Logger, 'info'>;
  /** Somebody was enrolled by themselves, at this desk or by a command; the photo is its owner's to wipe. */
  enrolled(enrolment: string, code: string, photo: Uint8Array): void;
  /** There is something to deliver. */
  written(): void;
}

/** How everybody enters: through `create` from a picture that was checked, through `enrol` from one that was not. */
export function createEnrolling(deps: EnrollingDeps) {
  const { journal, vault, platforms, checker, live, diagnostics, settings, now, actor } = deps;

  /** Writes an enrolment; its id. */
  async function create(entry: NewEnrolment): Promise<string> {
    const expected = diagnostics.foretell(entry.master.inspection, entry.targets);
    const atDesk = deps.atDesk && entry.urgency !== 'batch';
    const plan = planOf(entry.person, { now: now(), workdayEnds: settings.get().workdayEnds, atDesk });
    const visit = plan && { ...plan, hostName: deps.hosts.toKeep(entry.person) };
    const id = await writeEnrolment(journal, vault, { ...entry, expected, visit }, actor(), now());
    deps.log.info({ enrolment: id, platforms: entry.targets.map((target) => target.id) }, 'enrolment written');
    if (entry.urgency !== 'batch') deps.enrolled(id, entry.person.code, entry.master.bytes);
    deps.written();
    return id;
  }

  /** Checks the picture, and writes the enrolment where it is accepted. */
  async function enrol(request: EnrolRequest): Promise<EnrolResult> {
    const targets = resolveTargets(request.to, platforms.configured);
    const person = validPerson(request.person, targets);
    const asking = live.refresh();
    const inspection = await inspectPicture(deps.inspector, { bytes: request.photo.bytes }, request.signal);
    await asking;
    const check = assess(
      inspection,
      checker,
      targets.map(({ id }) => id),
    );
    if (!check.accepted) return { enrolment: null, check };
    const master = await makeMaster(request.photo.bytes, inspection);
    request.signal?.throwIfAborted();
    const { onExisting = 'update', onSimilar = 'ask', urgency = 'desk', consent = null } = request;
    const entry = { person, master, targets, onExisting, onSimilar, urgency, consent };
    const record = journal.records.find(await create(entry));
    master.bytes.fill(0);
    if (record === null)
      throw new FaultError({ kind: 'validation', code: 'removed', message: 'the person was removed meanwhile' });
    return { enrolment: enrolmentView(journal, record), check };
  }

  return { create, enrol };
}
