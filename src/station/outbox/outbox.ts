import type { Delivery, DeliveryState } from '#shared/delivery';
import { FaultError } from '#shared/fault';
import type { Outbox, OutboxEntry, OutboxFilter, RunOptions } from '../api.ts';
import { writing } from '../disk.ts';
import type { AuditEntry, DeliveryPatch, DeliveryRecord, Journal } from '../journal/index.ts';
import type { Platforms } from '../platforms.ts';
import type { Runner, Work } from './runner.ts';
import { MISSING, NO_PHOTO } from './verification.ts';

export interface OutboxDeps {
  journal: Journal;
  platforms: Platforms;
  runner: Runner;
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  changed(): void;
  /** Who answers and tries again here, for the audit trail. */
  actor(): string;
  /** Aborted when the station closes. */
  closing: AbortSignal;
}

const OPEN: readonly DeliveryState[] = ['queued', 'running', 'waiting'];
/** What a run concerns: what moves, and what waits for somebody. */
const UNDONE: readonly DeliveryState[] = [...OPEN, 'asking', 'refused'];

/** Looks of one platform that one run makes at most: what is left is due at the next. */
const DUE_LOOKS = 1_000;

function wrong(code: string, message: string, field = 'id'): FaultError {
  return new FaultError({ kind: 'validation', code, field, message });
}

/** What may be given up: everything that still waits for something. */
const STOPPABLE: ReadonlySet<DeliveryState> = new Set(['queued', 'waiting', 'asking', 'refused']);

/** What an answer does to a delivery (pure). Throws FaultError when there is nothing to answer. */
function answered(before: DeliveryRecord, answer: 'force' | 'stop'): DeliveryPatch {
  const { state, error, question } = before;
  if (answer === 'stop') {
    if (state === 'running')
      throw wrong('not-asking', 'this delivery is at work this moment: stop it when it waits again');
    if (!STOPPABLE.has(state)) throw wrong('not-asking', `this delivery is ${state}: there is nothing to stop`);
    return { state: 'abandoned', error, question: null };
  }
  if (state !== 'asking' && state !== 'refused')
    throw wrong('not-asking', `this delivery is ${state}: there is nothing to answer`);
  const kind = state === 'asking' ? question?.kind : error?.kind;
  if (kind !== 'similar' && kind !== 'exists')
    throw wrong('cannot-force', 'this cannot be forced: mend what was refused and try it again', 'answer');
  if (question !== null && !question.canForce)
    throw wrong('cannot-force', 'the platform does not let this be forced', 'answer');
  return {
    state: 'queued',
    error: null,
    question: null,
    streak: 0,
    ...(kind === 'similar' ? { onSimilar: 'force' as const } : { onExisting: 'update' as const }),
  };
}

/** The outbox as shells use it: lists, runs, answers. */
export function createOutbox(deps: OutboxDeps): Outbox {
  const { journal, platforms, runner, now } = deps;
  const { deliveries, records } = journal;

  const withCodes = (found: readonly Delivery[]): OutboxEntry[] => {
    const codes = new Map<string, string>();
    return found.map((delivery) => {
      const code = codes.get(delivery.enrolment) ?? records.find(delivery.enrolment)?.person.code ?? '';
      codes.set(delivery.enrolment, code);
      return { ...delivery, code };
    });
  };

  /** Nobody here can deliver to a platform that is not configured: the list says so. */
  const explained = (delivery: Delivery): Delivery => {
    if (delivery.error !== null || platforms.has(delivery.platform) || !OPEN.includes(delivery.state)) return delivery;
    const message = `the platform "${delivery.platform}" is not in this configuration`;
    return { ...delivery, error: { kind: 'validation', code: 'not-configured', message, field: 'platform' } };
  };

  const list = (filter: OutboxFilter = {}): OutboxEntry[] => {
    const { code, ...rest } = filter;
    if (code === undefined) return withCodes(deliveries.list(rest).map(explained));
    const person = records.personRef(code);
    return person === null ? [] : withCodes(deliveries.list({ ...rest, person }).map(explained));
  };

  const change = (
    id: string,
    { action, outcome }: Pick<AuditEntry, 'action' | 'outcome'>,
    decide: (before: DeliveryRecord) => DeliveryPatch,
  ): OutboxEntry => {
    const after = writing(() =>
      journal.transaction(() => {
        const changed = deliveries.change(id, now(), decide);
        if (changed === null) return null;
        const { enrolment, platform } = changed;
        const subject = records.find(enrolment)?.person.code ?? null;
        const actor = deps.actor();
        journal.audit.append({ actor, action, subject, platform, outcome, detail: { enrolment } }, now());
        return changed;
      }),
    );
    if (after === null) throw wrong('unknown-delivery', 'there is no such delivery');
    deps.changed();
    runner.nudge(after.platform);
    const [entry] = withCodes([after]);
    if (entry === undefined) throw wrong('unknown-delivery', 'there is no such delivery');
    return entry;
  };

  const needPhoto = (enrolment: string): void => {
    if (records.photo(enrolment)?.deleted !== false)
      throw wrong('photo-gone', 'the photo was deleted meanwhile: enrol again with a new one');
  };

  /** One attempt each of what is open now. An attempt another process makes meanwhile counts. */
  const onceThrough = (open: readonly Delivery[]): Work => {
    const todo = new Map<string, Delivery[]>();
    const watched = new Set<string>();
    // The desk's first, each in its order.
    const inOrder = [...open].sort((a, b) => Number(a.urgency === 'batch') - Number(b.urgency === 'batch'));
    for (const delivery of inOrder) {
      const { id, platform, state, error, nextAttemptAt } = delivery;
      if (!platforms.has(platform)) continue;
      const asked = error?.kind === 'rate' && nextAttemptAt !== null && nextAttemptAt > now();
      if (state === 'running') watched.add(id);
      else if (!asked) todo.set(platform, [...(todo.get(platform) ?? []), delivery]);
    }
    return {
      pick(platform) {
        const queue = todo.get(platform) ?? [];
        for (let next = queue[0]; next !== undefined; next = queue[0]) {
          const progress = deliveries.progress(next.id);
          if (progress?.attempts === next.attempts && OPEN.includes(progress.state)) return next.id;
          if (progress?.state === 'running') watched.add(next.id);
          queue.shift();
        }
        return null;
      },
      gated: (platform) => todo.delete(platform),
      finished() {
        for (const id of watched) if (deliveries.progress(id)?.state !== 'running') watched.delete(id);
        return watched.size === 0 && [...todo.values()].every((queue) => queue.length === 0);
      },
    };
  };

  const untilSettled = (enrolment: string | null): Work => ({
    pick: (platform) => deliveries.nextDue(platform, enrolment, now()),
    finished: () =>
      !deliveries.isMoving(
        [...platforms.configured].map(({ id }) => id),
        enrolment,
      ),
  });

  /** Those looks that are due now, each once; and where all is to settle, the first look of what is delivered meanwhile. */
  const looksOf = (enrolment: string | null, settled: boolean) => {
    const able = platforms.configured
      .filter(({ definition }) => definition.capabilities.includes('verify'))
      .map(({ id }) => id);
    const due = new Map(able.map((id) => [id, deliveries.looksDue(id, enrolment, now(), DUE_LOOKS)]));
    const looked = new Set<string>();
    const first = (platform: string) =>
      settled ? deliveries.looksDue(platform, enrolment, now(), 1).find((id) => !looked.has(id)) : undefined;
    return {
      looked,
      look(platform: string): string | null {
        const next = due.get(platform)?.shift() ?? first(platform) ?? null;
        if (next !== null) looked.add(next);
        return next;
      },
      /** A platform that is down is not asked again and again. */
      gated: (platform: string) => void due.delete(platform),
      finished: () =>
        [...due.values()].every((ids) => ids.length === 0) &&
        !(
          settled &&
          deliveries.hasFirstLook(
            able.filter((id) => runner.gate(id) === null),
            enrolment,
          )
        ),
    };
  };

  return {
    list,

    async run({ signal, enrolment, until = 'once', deadlineMs, verify = false }: RunOptions) {
      const selection: OutboxFilter = { states: UNDONE, ...(enrolment !== undefined && { enrolment }) };
      const concerned = deliveries.list(enrolment === undefined ? selection : { enrolment });
      const stop = new AbortController();
      const ended = AbortSignal.any([signal, deps.closing, stop.signal]);
      // Before the deadline is set: it must not hold the process when all is done.
      const over = new AbortController();
      if (deadlineMs !== undefined)
        void deps
          .sleep(deadlineMs, AbortSignal.any([ended, over.signal]))
          .then(() => stop.abort(new Error('deadline')))
          .catch(() => undefined);
      const open = concerned.filter(({ state }) => OPEN.includes(state));
      const work = until === 'once' ? onceThrough(open) : untilSettled(enrolment ?? null);
      const looks = verify ? looksOf(enrolment ?? null, until === 'settled') : null;
      await runner.pump(
        looks === null
          ? work
          : {
              pick: work.pick,
              look: looks.look,
              gated(platform) {
                work.gated?.(platform);
                looks.gated(platform);
              },
              finished: () => work.finished() && looks.finished(),
            },
        ended,
      );
      over.abort();
      const after = concerned.flatMap(({ id }) => deliveries.view(id) ?? []);
      const known = new Set(concerned.map(({ id }) => id));
      // What a look found amiss is told beside what the run was about.
      for (const id of looks?.looked ?? []) {
        const seen = known.has(id) ? null : deliveries.view(id);
        if (seen?.error) after.push(seen);
      }
      return withCodes(after.map(explained));
    },

    retry: (id) =>
      change(id, { action: 'retry', outcome: 'queued' }, (before) => {
        const { state, enrolment, error } = before;
        const lost = state === 'delivered' && (error?.code === MISSING.code || error?.code === NO_PHOTO.code);
        if (!lost && state !== 'waiting' && state !== 'refused' && state !== 'abandoned' && state !== 'queued')
          throw wrong('not-open', `this delivery is ${state}: it cannot be tried again`);
        if (deliveries.isSuperseded(id)) throw wrong('superseded', 'a newer enrolment of this person took its place');
        needPhoto(enrolment);
        return { state: 'queued', error: lost ? null : error, question: null, streak: 0 };
      }),

    answer: (id, answer) =>
      change(id, { action: 'answer', outcome: answer }, (before) => {
        const patch = answered(before, answer);
        if (patch.state === 'queued') needPhoto(before.enrolment);
        return patch;
      }),

    platforms: () =>
      platforms.configured.map(({ id }) => ({ platform: id, ...runner.circuit(id), ...deliveries.counts(id) })),
  };
}
