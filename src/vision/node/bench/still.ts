import { Worker } from 'node:worker_threads';
import { quantile } from './statistics.ts';

/** What the bench's thread is started with. */
export interface StillSetup {
  assets: string;
  files: readonly string[];
  /** How often each picture is looked at in each way; the shortest counts. */
  rounds: number;
}

/** Times of one picture, milliseconds, decoding excluded. */
export interface StillTimes {
  file: string;
  /** The station's whole check: every face, the principal one twice, all measures. */
  thoroughMs: number;
  /** SSD MobileNet v1, then the 68 landmarks of each face it found, and nothing else. */
  aloneMs: number;
}

export type StillReport = { type: 'times'; times: StillTimes } | { type: 'skipped'; file: string; message: string };

export interface StillBench {
  pictures: number;
  skipped: { file: string; message: string }[];
  thoroughMs: number;
  aloneMs: number;
  /** Median of the thorough check over the median of SSD with landmarks: ≤ 1.5 is the target. */
  ratio: number;
  /** The largest ratio of a single picture, and which it is. */
  worst: { file: string; ratio: number };
}

/**
 * Times the thorough check beside SSD MobileNet v1 with 68 landmarks alone: the same pictures in one thread, by turns, so that whatever else
 * the machine does befalls both.
 *
 * @throws when the thread fails, or none of the pictures can be read
 */
export async function benchStill(
  options: StillSetup & { workerUrl: URL; signal?: AbortSignal | undefined },
): Promise<StillBench> {
  const { workerUrl, signal, ...setup } = options;
  const times: StillTimes[] = [];
  const skipped: StillBench['skipped'] = [];
  const worker = new Worker(workerUrl, { workerData: setup satisfies StillSetup });
  const stop = () => void worker.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (report: StillReport) => {
        if (report.type === 'times') times.push(report.times);
        else skipped.push({ file: report.file, message: report.message });
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve());
    });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  signal?.throwIfAborted();
  return summarise(times, skipped);
}

/** Medians and ratios of what was timed. @throws when nothing was */
export function summarise(times: readonly StillTimes[], skipped: StillBench['skipped']): StillBench {
  const ratios = times.map(({ file, thoroughMs, aloneMs }) => ({ file, ratio: thoroughMs / aloneMs }));
  const [worst] = ratios.sort((a, b) => b.ratio - a.ratio);
  if (!worst) throw new Error('None of the pictures can be read');
  const median = (key: 'thoroughMs' | 'aloneMs') =>
    quantile(
      times.map((one) => one[key]),
      0.5,
    );
  const [thoroughMs, aloneMs] = [median('thoroughMs'), median('aloneMs')];
  return { pictures: times.length, skipped, thoroughMs, aloneMs, ratio: thoroughMs / aloneMs, worst };
}
