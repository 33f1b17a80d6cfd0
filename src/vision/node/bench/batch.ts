import { Worker } from 'node:worker_threads';
import { quantile } from './statistics.ts';

/** Ways to treat a photo: decode it as the check does; check it; check it and tell the face in numbers; SSD MobileNet with 68 landmarks. */
export type BatchWay = 'decode' | 'check' | 'describe' | 'ssd';

export interface BatchSetup {
  assets: string;
  /** The ways to treat photos by turns. */
  ways: readonly BatchWay[];
  sets: readonly { name: string; photos: readonly Uint8Array[] }[];
  /** How often all photos are treated in each way. */
  rounds: number;
}

/** CPU time of all threads of the process a photo, when all were treated in one way, one after another. */
export interface BatchCost {
  set: string;
  way: BatchWay;
  cpuMs: number;
}

/** CPU time a photo, milliseconds: medians of the rounds. */
export interface BatchCosts {
  set: string;
  photos: number;
  decodeMs: number;
  checkMs: number;
  describeMs: number;
  ssdMs: number;
  /** The check over decoding alone. */
  overDecode: number;
  /** SSD with landmarks over the check. */
  ssdOverCheck: number;
}

/** What runs by turns in one thread. What else a thread holds is cleared through with every look: SSD beside the check made it look a fifth dearer. */
const THREADS: readonly (readonly BatchWay[])[] = [['decode', 'check'], ['describe'], ['ssd']];

/**
 * Times the check of photos beside decoding alone, by turns in one thread, and what else may be done with them, in a thread each, one thread after the other.
 * CPU time, so that whatever else the machine does matters little; the process must do nothing else meanwhile.
 *
 * @throws when a thread fails
 */
export async function benchBatch({
  workerUrl,
  signal,
  ...setup
}: Omit<BatchSetup, 'ways'> & { workerUrl: URL; signal: AbortSignal }): Promise<BatchCosts[]> {
  const costs: BatchCost[] = [];
  for (const ways of THREADS) costs.push(...(await timed(workerUrl, { ...setup, ways }, signal)));
  return setup.sets.map(({ name, photos }) => costsOf(name, photos.length, costs));
}

async function timed(workerUrl: URL, setup: BatchSetup, signal: AbortSignal): Promise<BatchCost[]> {
  signal.throwIfAborted();
  const costs: BatchCost[] = [];
  const worker = new Worker(workerUrl, { workerData: setup });
  const stop = () => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (cost: BatchCost) => void costs.push(cost));
      worker.on('error', reject);
      worker.on('exit', () => resolve());
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  return costs;
}

/** The medians of one set (pure). */
export function costsOf(set: string, photos: number, costs: readonly BatchCost[]): BatchCosts {
  const median = (way: BatchWay) =>
    quantile(
      costs.filter((cost) => cost.set === set && cost.way === way).map(({ cpuMs }) => cpuMs),
      0.5,
    );
  const [decodeMs, checkMs, describeMs, ssdMs] = [median('decode'), median('check'), median('describe'), median('ssd')];
  return {
    set,
    photos,
    decodeMs,
    checkMs,
    describeMs,
    ssdMs,
    overDecode: checkMs / decodeMs,
    ssdOverCheck: ssdMs / checkMs,
  };
}
