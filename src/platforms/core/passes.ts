import { FaultError, toFault } from '#shared/fault';
import type { RecognitionRecord } from '../contract.ts';
import { listenToPush, type PushMessage, type PushOptions } from './push.ts';

/** One page of a list that comes newest first. */
export interface Page<T> {
  items: readonly T[];
  totalPage: number;
}

/**
 * Turns a list that is paged newest first into one that is told oldest first: the first page says how many there are, then they are
 * read from the last one on. `read` gets the page's number, from 1. Ids told already are skipped, because pages shift while people pass.
 */
export async function* oldestFirst<T extends { id: string }>(read: (page: number) => Promise<Page<T>>) {
  const first = await read(1);
  const told = new Set<string>();
  for (let page = Math.max(1, first.totalPage); page >= 1; page -= 1) {
    const { items } = page === 1 && first.totalPage <= 1 ? first : await read(page);
    const fresh = items.filter((item) => !told.has(item.id));
    for (const item of fresh) told.add(item.id);
    yield* fresh.toReversed();
  }
}

/**
 * A range in whole seconds, both ends counted, as platforms that keep times in seconds are asked for it; null where nothing is left of it. The
 * second that is not over yet is left out: pages would shift while it is read.
 * @param range ms since the epoch
 * @param time the platform's own time, ms since the epoch
 */
export function wholeSeconds(range: { from: number; to: number }, time: number): { from: number; to: number } | null {
  const from = Math.max(0, Math.ceil(range.from / 1000));
  const to = Math.floor(Math.min(range.to, time - 1000) / 1000);
  return to < from ? null : { from, to };
}

/** What a room adds to the push: how its messages read, and how to ask for what was missed. */
export interface Watching {
  push: PushOptions;
  read(message: unknown): PushMessage<RecognitionRecord>;
  /** Last look at a record before it is told: fills in what the push leaves out. */
  complete?(record: RecognitionRecord, signal: AbortSignal): Promise<RecognitionRecord>;
  /** The records of a time, as `Connector.records`. */
  missed(range: { from: number; to: number }, signal: AbortSignal): AsyncIterable<RecognitionRecord>;
  /** The platform's time. */
  time(): number;
  /** Refused for the clock alone? True when another attempt is signed in another time. */
  adopt(): boolean;
}

/** So many ids are remembered, so that a record told by the push and found again afterwards is told once. */
const REMEMBERED = 2_000;
const SETTLED_MS = 2_000;

/**
 * Tells each recognition once, in the order it was heard, until the signal is aborted. After a lost connection the records of the
 * time since the last one are asked for, so that a network's hiccup loses nobody; that they cannot be had is no reason to stop listening.
 */
export async function watchPasses(
  room: Watching,
  listener: (record: RecognitionRecord) => void,
  outer: AbortSignal,
): Promise<void> {
  const own = new AbortController();
  const signal = AbortSignal.any([outer, own.signal]);
  const told = new Set<string>();
  let since = room.time();
  let failure: FaultError | null = null;
  let queue: Promise<void> = Promise.resolve();

  const tell = async (record: RecognitionRecord): Promise<void> => {
    if (told.has(record.id) || signal.aborted) return;
    told.add(record.id);
    const [oldest] = told;
    if (told.size > REMEMBERED && oldest !== undefined) told.delete(oldest);
    since = Math.max(since, record.at);
    const whole = room.complete === undefined ? record : await room.complete(record, signal);
    if (!signal.aborted) listener(whole);
  };
  const catchUp = async (): Promise<void> => {
    try {
      // Until the second in which the connection came back is over: lists are asked for by the second.
      await room.push.sleep(SETTLED_MS, signal);
      for await (const record of room.missed({ from: since - 999, to: room.time() }, signal)) await tell(record);
    } catch (error) {
      if (!signal.aborted && !(error instanceof FaultError)) throw error;
    }
  };
  const enqueue = (work: () => Promise<void>) => {
    queue = queue.then(work).catch((error: unknown) => {
      failure ??= new FaultError(toFault(error));
      own.abort();
    });
  };

  await listenToPush(
    room.push,
    {
      read: room.read,
      connected: (again) => {
        if (again) enqueue(catchUp);
      },
      record: (record) => enqueue(() => tell(record)),
      refused: room.adopt,
    },
    signal,
  );
  await queue;
  if (failure !== null) throw failure;
}
