import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Inspection } from '#shared/measures';
import type { EngineName } from '../engines/names.ts';
import { createHeavyLane } from './heavy-lane.ts';
import type { LookOrder, Order, Report, ThreadMemory, WorkerSetup } from './messages.ts';
import { PictureError } from './picture-error.ts';
import type { PictureSource } from './read.ts';

export interface PoolOptions {
  /** Worker threads; as many as there are cores (at most four) when absent. */
  workers?: number;
  /** The worker's program: `worker.ts` in a checkout, its bundle in the built application. */
  workerUrl: URL;
  /** Folder of the engine's files (`scripts/engine-assets.mjs`). */
  assets: string;
  /** Which engine looks; the station's own when absent. */
  engine?: EngineName;
  /** How long one picture may take before its worker is given up, milliseconds. */
  timeout?: number;
}

/** Looks at pictures in worker threads. */
export interface InspectorPool {
  /**
   * Looks at one picture.
   *
   * @throws {PictureError} when the picture cannot be read
   * @throws {InspectorError} when the worker failed or took too long, or the pool is closed
   * @throws the signal's reason when it is aborted
   */
  inspect(source: PictureSource, signal?: AbortSignal): Promise<Inspection>;
  /** The same, with the principal face in numbers (`vision/descriptor.ts`), null without a face. */
  describe(source: PictureSource, signal?: AbortSignal): Promise<Description>;
  /**
   * Looks at many pictures and yields what was found in the order given, keeping every worker busy. A picture that
   * fails is an outcome like any other, so that the rest goes on.
   */
  inspectAll<S extends PictureSource>(
    sources: AsyncIterable<S> | Iterable<S>,
    signal?: AbortSignal,
  ): AsyncGenerator<InspectOutcome<S>, void, undefined>;
  /**
   * What each running thread holds, once the pictures handed to it are done. Nothing before the first picture.
   *
   * @throws {InspectorError} when a thread failed before it could answer
   */
  memory(): Promise<ThreadMemory[]>;
  /** Stops the workers; pictures still waiting fail. */
  close(): Promise<void>;
}

export interface Description {
  inspection: Inspection;
  descriptor: Float32Array | null;
}

export type InspectOutcome<S extends PictureSource = PictureSource> =
  | { source: S; inspection: Inspection; error: null }
  | { source: S; inspection: null; error: Error };

/** The engine failed, not the picture: worth another try. */
export class InspectorError extends Error {
  override readonly name = 'InspectorError';
}

interface Job extends LookOrder {
  /** It was in hand, with others, when a thread failed: it is looked at alone, which tells whose fault it was. */
  suspect: boolean;
  resolve(found: Description): void;
  reject(error: Error): void;
}

interface Hand {
  worker: Worker;
  ready: boolean;
  /** Handed over and not answered, oldest first: the oldest is being looked at, the next is being decoded. */
  jobs: Job[];
  /** Who asked what the thread holds, oldest first. */
  asked: PromiseWithResolvers<ThreadMemory>[];
  timer: NodeJS.Timeout | null;
}

/** One picture is looked at while the next is decoded; more would only hold memory. */
const IN_HAND = 2;

/** JavaScript's own memory in a thread, MB: many times what a look takes. Pixels and networks lie outside of it. */
const HEAP_MB = 512;

/** A worker that fails this often before it ever gets ready will not get ready. */
const MAX_FAILED_STARTS = 2;

/** Starts a pool of inspector threads. Threads start with the first picture. */
export function createInspectorPool(options: PoolOptions): InspectorPool {
  const { workerUrl, assets, engine, timeout = 30_000 } = options;
  const size = options.workers ?? Math.min(4, availableParallelism());
  const hands = new Set<Hand>();
  const waiting: Job[] = [];
  let nextId = 1;
  let failedStarts = 0;
  let closed = false;
  const lane = createHeavyLane<Hand>((hand, id) => {
    const leave: Order = { type: 'leave', id };
    hand.worker.postMessage(leave);
    watch(hand);
  });

  function hire(): void {
    const setup: WorkerSetup = { assets, ...(engine && { engine }) };
    const worker = new Worker(workerUrl, {
      workerData: setup,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    const hand: Hand = { worker, ready: false, jobs: [], asked: [], timer: null };
    hands.add(hand);
    hand.worker.on('message', (report: Report) => receive(hand, report));
    hand.worker.on('error', (error) => dismiss(hand, error instanceof Error ? error.message : String(error)));
    hand.worker.on('exit', () => dismiss(hand, 'its thread ended'));
    hand.worker.on('messageerror', () => dismiss(hand, 'its answer could not be read'));
  }

  function receive(hand: Hand, report: Report): void {
    if (report.type === 'ready') {
      hand.ready = true;
      failedStarts = 0;
      watch(hand);
      return;
    }
    if (report.type === 'memory') {
      hand.asked.shift()?.resolve(report.memory);
      watch(hand);
      return;
    }
    if (report.type === 'heavy') {
      lane.ask(hand, report.id);
      watch(hand);
      return;
    }
    lane.leave(hand);
    const at = hand.jobs.findIndex(({ id }) => id === report.id);
    const [job] = at < 0 ? [] : hand.jobs.splice(at, 1);
    watch(hand);
    if (report.type === 'done') job?.resolve({ inspection: report.inspection, descriptor: report.descriptor });
    else job?.reject(asError(report.error));
    handOut();
  }

  /**
   * Lets go of a thread that failed. A picture that was alone in it, or hung (`oldest`), fails; of several each is tried
   * again alone, so that only the one at fault is lost.
   */
  function dismiss(hand: Hand, why: string, oldest = false): void {
    if (!hands.delete(hand)) return;
    lane.leave(hand);
    if (hand.timer) clearTimeout(hand.timer);
    stop(hand.worker);
    for (const { reject } of hand.asked) reject(new InspectorError(`The face engine failed: ${why}`));
    let left = hand.jobs;
    if (!hand.ready) failedStarts++;
    else if (oldest || left.length === 1) {
      left[0]?.reject(new InspectorError(`The face engine failed on this picture: ${why}`));
      left = left.slice(1);
    } else for (const job of left) job.suspect = true;
    waiting.unshift(...left);
    if (failedStarts >= MAX_FAILED_STARTS) {
      for (const job of waiting.splice(0)) job.reject(new InspectorError(`The face engine cannot start: ${why}`));
      failedStarts = 0;
    }
    handOut();
  }

  /** The time-out is that of the oldest picture; it starts anew whenever another becomes the oldest. */
  function watch(hand: Hand): void {
    if (hand.timer) clearTimeout(hand.timer);
    hand.timer = null;
    if (hand.jobs.length === 0) {
      // An idle thread does not keep a command-line program alive.
      if (hand.asked.length === 0) hand.worker.unref();
      return;
    }
    hand.worker.ref();
    // Whoever waits for another's heavy picture is not late: that other one's time runs.
    if (lane.waits(hand)) return;
    hand.timer = setTimeout(
      () => dismiss(hand, `no answer within ${Math.round(timeout / 1000)} seconds`, true),
      timeout,
    );
  }

  function handOut(): void {
    if (closed) return;
    while (waiting.length > 0) {
      const idle = [...hands].sort((a, b) => a.jobs.length - b.jobs.length)[0];
      if ((!idle || idle.jobs.length > 0) && hands.size < size) {
        hire();
        continue;
      }
      const room = waiting[0]?.suspect || idle?.jobs[0]?.suspect ? 1 : IN_HAND;
      if (!idle || idle.jobs.length >= room) return;
      const job = waiting.shift();
      if (!job) return;
      idle.jobs.push(job);
      if (idle.jobs.length === 1) watch(idle);
      const order: Order = { type: 'look', id: job.id, source: job.source, ...(job.describe && { describe: true }) };
      idle.worker.postMessage(order);
    }
  }

  async function inspectOne(source: PictureSource, signal?: AbortSignal): Promise<Inspection> {
    return (await lookAt(source, false, signal)).inspection;
  }

  async function lookAt(source: PictureSource, describe: boolean, signal?: AbortSignal): Promise<Description> {
    if (closed) throw new InspectorError('The face engine is shut down');
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Description>();
    const job: Job = { type: 'look', id: nextId++, source, describe, suspect: false, resolve, reject };
    const abort = () => {
      const at = waiting.indexOf(job);
      if (at >= 0) waiting.splice(at, 1);
      reject(signal?.reason instanceof Error ? signal.reason : new DOMException('Aborted', 'AbortError'));
    };
    signal?.addEventListener('abort', abort, { once: true });
    waiting.push(job);
    handOut();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async function* inspectAll<S extends PictureSource>(
    sources: AsyncIterable<S> | Iterable<S>,
    signal?: AbortSignal,
  ): AsyncGenerator<InspectOutcome<S>, void, undefined> {
    const ahead: Promise<InspectOutcome<S>>[] = [];
    const depth = size * IN_HAND + 1;
    for await (const source of sources) {
      signal?.throwIfAborted();
      ahead.push(
        inspectOne(source, signal).then(
          (inspection) => ({ source, inspection, error: null }),
          (error: unknown) => ({
            source,
            inspection: null,
            error: error instanceof Error ? error : new Error(`${error}`),
          }),
        ),
      );
      const first = ahead.length >= depth ? await ahead.shift() : undefined;
      // What was given up by the wish to stop is no outcome of that picture.
      signal?.throwIfAborted();
      if (first) yield first;
    }
    for (const coming of ahead) {
      const outcome = await coming;
      signal?.throwIfAborted();
      yield outcome;
    }
  }

  function memoryOf(hand: Hand): Promise<ThreadMemory> {
    const answer = Promise.withResolvers<ThreadMemory>();
    hand.asked.push(answer);
    hand.worker.ref();
    const order: Order = { type: 'memory' };
    hand.worker.postMessage(order);
    return answer.promise;
  }

  return {
    inspect: inspectOne,
    describe: (source, signal) => lookAt(source, true, signal),
    inspectAll,
    memory: () => Promise.all([...hands].map(memoryOf)),
    async close() {
      closed = true;
      const gone = [...hands];
      hands.clear();
      for (const { jobs, asked, timer } of gone) {
        if (timer) clearTimeout(timer);
        for (const { reject } of asked) reject(new InspectorError('The face engine is shut down'));
        waiting.push(...jobs.splice(0));
      }
      for (const job of waiting.splice(0)) job.reject(new InspectorError('The face engine is shut down'));
      await Promise.all(gone.map(({ worker }) => worker.terminate()));
    },
  };
}

function stop(worker: Worker): void {
  // A thread that has ended already answers 0; there is nothing to wait for or to report.
  worker.terminate().catch(() => {});
}

function asError({ code, message }: { code: PictureError['code'] | null; message: string }): Error {
  return code
    ? new PictureError(code, message)
    : new InspectorError(`The face engine failed on this picture: ${message}`);
}
