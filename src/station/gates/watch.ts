import type { Connector, RecognitionRecord } from '#platforms/contract';
import { FaultError, toFault } from '#shared/fault';
import type { GateWatch } from '#shared/gates';
import type { Journal } from '../journal/index.ts';
import type { Platforms } from '../platforms.ts';
import type { Keeper } from './keeper.ts';
import { cursorAfter, lookBack, NOT_LOOKED_BACK, pauseAfter, pauseBetween, rangeToRead } from './policy.ts';
import { heardOf, NO_SILENCES, type Silences, silencesSchema } from './silence.ts';

export interface WatchDeps {
  journal: Journal;
  platforms: Platforms;
  keeper: Keeper;
  keepMs: number;
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  watched(watch: GateWatch): void;
  unexpected(what: string, error: unknown): void;
  /** Aborted when the station closes. */
  closing: AbortSignal;
}

/** How often it is written down when each gate was heard of last. */
const KEEP_SILENCES_MS = 10 * 60_000;
/** So many records are written at once. */
const AT_ONCE = 50;

interface GateWatcher {
  /** Follows every platform that keeps records now, and no other any more. */
  follow(): void;
  /** How each platform's watch stands, in the order of the configuration. */
  watches(): GateWatch[];
  /** Tries an unreachable platform again now; one that is not watched is left alone. */
  retry(platform: string): void;
  /** Resolves when nothing is read any more, after `closing`. */
  ended(): Promise<void>;
}

/** Platforms whose records of who passes can be asked for. */
export function recordKeepers(platforms: Platforms): string[] {
  return platforms.configured
    .filter(({ definition }) => definition.capabilities.includes('records'))
    .map(({ id }) => id);
}

/**
 * Follows the records of every platform that keeps some. The list of records is what counts: it is read from where it was read to last, so that
 * nothing is lost while the station or the platform was off, and looked through again further back for what a terminal handed over late. Where the platform also pushes, a pass is told at once.
 */
export function createGateWatcher(deps: WatchDeps): GateWatcher {
  const followed = new Map<string, ReturnType<typeof follow>>();
  const ending = new Set<Promise<void>>();
  return {
    follow() {
      const wanted = recordKeepers(deps.platforms);
      for (const [id, { stop, ended }] of followed) {
        if (wanted.includes(id)) continue;
        stop();
        followed.delete(id);
        ending.add(ended);
        void ended.then(() => ending.delete(ended));
      }
      for (const id of wanted) if (!followed.has(id) && !deps.closing.aborted) followed.set(id, follow(deps, id));
    },
    watches: () => recordKeepers(deps.platforms).flatMap((id) => followed.get(id)?.watch() ?? []),
    retry: (platform) => followed.get(platform)?.retry(),
    async ended() {
      await Promise.all([...ending, ...[...followed.values()].map(({ ended }) => ended)]);
    },
  };
}

function follow(deps: WatchDeps, platform: string) {
  const { journal, platforms, keeper, now, sleep, watched, unexpected } = deps;
  const own = new AbortController();
  const closing = AbortSignal.any([own.signal, deps.closing]);
  let state: GateWatch = { platform, state: 'connecting', fault: null, retryAt: null };
  let push: { connector: Connector; stop: AbortController; proven: boolean; ended: Promise<void> } | null = null;
  let awake = new AbortController();
  let hurried = false;
  let lookedBack = NOT_LOOKED_BACK;
  let silences: Silences = silencesSchema.catch(NO_SILENCES).parse(journal.passes.silences(platform));
  let silencesKept = now();

  /** Notes which gates are heard of. It is written down when it matters, and now and then. */
  const hear = (records: readonly RecognitionRecord[]): void => {
    if (records.length === 0) return;
    const known = heardOf(silences, records, now());
    silences = known.silences;
    if (known.begins) lookedBack = NOT_LOOKED_BACK;
    if (!known.begins && Math.abs(now() - silencesKept) < KEEP_SILENCES_MS) return;
    journal.passes.setSilences(platform, silences, now());
    silencesKept = now();
  };

  const tell = (next: Omit<GateWatch, 'platform'>): void => {
    const news = next.state !== state.state || next.retryAt !== state.retryAt;
    state = { platform, ...next };
    if (news) watched(state);
  };

  /** Listens to the push of a connection, where it has one; secrets that change bring another connection. */
  const listen = (connector: Connector): void => {
    if (push?.connector === connector) return;
    push?.stop.abort();
    push = null;
    if (connector.watch === undefined) return;
    const stop = new AbortController();
    const mine = { connector, stop, proven: false, ended: Promise.resolve() };
    push = mine;
    mine.ended = connector
      .watch(
        (record) => {
          try {
            if (keeper.take(platform, [record], { skewMs: connector.skewMs?.() ?? null }) > 0) mine.proven = true;
          } catch (error) {
            // The list of records will tell it again.
            unexpected(platform, error);
          }
        },
        AbortSignal.any([stop.signal, closing]),
      )
      .catch((error: unknown) => {
        if (!(error instanceof FaultError)) unexpected(platform, error);
      })
      // Turned away or ended: the list alone is followed from here on.
      .finally(() => {
        mine.proven = false;
      });
  };

  /** Reads a range, and what is news of it; the cursor follows it as far as it got. */
  const readRange = async (
    records: NonNullable<Connector['records']>,
    skewMs: () => number | null,
    range: { from: number; to: number },
    takeNote: (some: readonly RecognitionRecord[]) => void = () => undefined,
  ): Promise<number> => {
    let noted = journal.passes.cursor(platform);
    let news = 0;
    let some: RecognitionRecord[] = [];
    const note = () => {
      const cursor = some.reduce<number | null>((at, record) => cursorAfter(at, record.at, now()), noted);
      const moved = cursor === noted ? null : cursor;
      news += keeper.take(platform, some, { skewMs: skewMs(), cursor: moved });
      noted = cursor;
      takeNote(some);
      some = [];
    };
    try {
      for await (const record of records(range, closing)) {
        some.push(record);
        if (some.length === AT_ONCE) note();
      }
    } finally {
      // Records come oldest first: where the list broke off, it goes on from the last one taken.
      if (!closing.aborted) note();
    }
    return news;
  };

  /** Reads on from where it was read to, then what came late; whether anything was in it that the push had not told. */
  const read = async (connector: Connector): Promise<boolean> => {
    const records = connector.records?.bind(connector);
    if (records === undefined) return false;
    const skewMs = () => connector.skewMs?.() ?? null;
    const before = journal.passes.cursor(platform);
    const news = await readRange(records, skewMs, rangeToRead(before, now(), deps.keepMs), hear);
    const owed = silences.owed !== null && silences.owed.until > now() ? silences.owed.from : null;
    const back = lookBack(before, now(), lookedBack, owed);
    if (back?.range) await readRange(records, skewMs, back.range);
    // Broken off, it is due again.
    if (back) lookedBack = back.done;
    return news > 0 && before !== null;
  };

  const pause = async (ms: number): Promise<void> => {
    if (hurried) return;
    if (awake.signal.aborted) awake = new AbortController();
    await sleep(ms, AbortSignal.any([awake.signal, closing])).catch(() => undefined);
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!closing.aborted) {
      let wait: number;
      try {
        const connector = platforms.connector(platform);
        listen(connector);
        if (hurried) {
          hurried = false;
          // Somebody asks on purpose: a test does not wait until a platform that failed is tried again anyway.
          await connector.test(closing);
        }
        const missed = await read(connector);
        if (missed && push !== null) push.proven = false;
        failures = 0;
        tell({ state: 'listening', fault: null, retryAt: null });
        wait = pauseBetween(push === null ? 'none' : push.proven ? 'telling' : 'unproven');
      } catch (error) {
        if (closing.aborted) break;
        if (!(error instanceof FaultError)) unexpected(platform, error);
        const fault = toFault(error);
        failures += 1;
        wait = pauseAfter(failures, fault);
        tell({ state: 'unreachable', fault, retryAt: now() + wait });
      }
      await pause(wait);
    }
    push?.stop.abort();
    await push?.ended;
  };

  return {
    watch: () => state,
    stop: () => own.abort(),
    retry() {
      if (state.state !== 'unreachable') return;
      hurried = true;
      awake.abort();
    },
    ended: run(),
  };
}
