import { Worker } from 'node:worker_threads';
import { quantile } from './statistics.ts';

/** Ways to treat a photo: decode it as the check does; check it; check it and tell the face in numbers; SSD MobileNet with 68 landmarks. */
export type BatchWay = 'decode' | 'check' | 'describe' | 'ssd';

export interface BatchSetup {
  assets: string;
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

/**
 * Times the check of photos beside decoding alone and SSD MobileNet with landmarks: one thread, by turns. CPU time, so that whatever else the
 * machine does matters little; the process must do nothing else meanwhile.
 *
 * @throws when the thread fails
 */
export async function benchBatch({
  workerUrl,
  signal,
  ...setup
}: BatchSetup & { workerUrl: URL; signal: AbortSignal }): Promise<BatchCosts[]> {
  const costs: BatchCost[] = [];
  const worker = new Worker(workerUrl, { workerData: setup satisfies BatchSetup });
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
  return setup.sets.map(({ name, photos }) => costsOf(name, photos.length, costs));
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
