import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Inspection } from '#shared/measures';
import type { EngineName } from '../engines/names.ts';
import { createHeavyLane } from './heavy-lane.ts';
import type { DescribeOrder, LookOrder, Order, Report, ThreadMemory, WorkerSetup } from './messages.ts';
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

interface Job {
  order: LookOrder | DescribeOrder;
  /** It was in hand, with others, when a thread failed: it is looked at alone, which tells whose fault it was. */
  suspect: boolean;
  resolve(report: Answer): void;
  reject(error: Error): void;
}

type Answer = Extract<Report, { type: 'done' | 'described' }>;

interface Hand {
  worker: Worker;
  ready: boolean;
  /** The one that tells faces in numbers. */
  describes: boolean;
  /** Handed over and not answered, oldest first: the oldest is being looked at, the next is being decoded. */
  jobs: Job[];
  /** Who asked what the thread holds, oldest first. */
  asked: PromiseWithResolvers<ThreadMemory>[];
  timer: NodeJS.Timeout | null;
}

/** One picture is looked at while the next is decoded; more would only hold memory. */
const IN_HAND = 2;

/** JavaScript's own memory in a thread, MB: several times what a look takes. Pixels and networks lie outside of it. */
const HEAP_MB = 256;

/** What is new in it, MB: V8's own 48 hold pixels of many pictures back that nobody needs any more. */
const YOUNG_MB = 6;

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
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    const hand: Hand = { worker, ready: false, describes: false, jobs: [], asked: [], timer: null };
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
    const at = hand.jobs.findIndex(({ order }) => order.id === report.id);
    const [job] = at < 0 ? [] : hand.jobs.splice(at, 1);
    watch(hand);
    if (report.type === 'failed') job?.reject(asError(report.error));
    else job?.resolve(report);
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
    for (let at = 0; at < waiting.length; ) {
      const job = waiting[at];
      if (!job) return;
      const describes = job.order.type === 'describe';
      const idle = [...hands].sort((a, b) => a.jobs.length - b.jobs.length)[0];
      if ((!idle || (!describes && idle.jobs.length > 0)) && hands.size < size) {
        hire();
        continue;
      }
      const hand = describes ? ([...hands].find((one) => one.describes) ?? idle) : idle;
      const room = job.suspect || hand?.jobs[0]?.suspect ? 1 : describes ? IN_HAND + 1 : IN_HAND;
      if (!hand || hand.jobs.length >= room) {
        // Looks need not wait for the one thread that describes.
        if (!describes) return;
        at += 1;
        continue;
      }
      waiting.splice(at, 1);
      hand.describes ||= describes;
      hand.jobs.push(job);
      if (hand.jobs.length === 1) watch(hand);
      hand.worker.postMessage(job.order);
    }
  }

  async function inspectOne(source: PictureSource, signal?: AbortSignal): Promise<Inspection> {
    return (await lookAt(source, false, signal)).inspection;
  }

  async function describeOne(source: PictureSource, signal?: AbortSignal): Promise<Description> {
    const { inspection, face } = await lookAt(source, true, signal);
    if (!face) return { inspection, descriptor: null };
    const answer = await order({ type: 'describe', id: nextId++, face }, signal);
    return { inspection, descriptor: answer.type === 'described' ? answer.descriptor : null };
  }

  async function lookAt(source: PictureSource, cut: boolean, signal?: AbortSignal) {
    const answer = await order({ type: 'look', id: nextId++, source, ...(cut && { cut }) }, signal);
    if (answer.type !== 'done') throw new InspectorError('The face engine gave an answer to another question');
    return answer;
  }

  async function order(order: Job['order'], signal?: AbortSignal): Promise<Answer> {
    if (closed) throw new InspectorError('The face engine is shut down');
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const job: Job = { order, suspect: false, resolve, reject };
    const abort = () => {
      const at = waiting.indexOf(job);
      if (at >= 0) waiting.splice(at, 1);
      reject(signal?.reason instanceof Error ? signal.reason : new DOMException('Aborted', 'AbortError'));
    };
    signal?.addEventListener('abort', abort, { once: true });
    // A face that was cut out is nearly done with: first.
    if (order.type === 'describe') waiting.unshift(job);
    else waiting.push(job);
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
    describe: describeOne,
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
