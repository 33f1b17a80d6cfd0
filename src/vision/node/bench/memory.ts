import type { InspectorPool } from '../pool.ts';

/** What a program with one inspector holds after so many pictures. Bytes, but for `tensors`. */
export interface MemorySample {
  pictures: number;
  /** In the inspector's thread. */
  tensors: number;
  tensorBytes: number;
  threadHeap: number;
  threadExternal: number;
  /** Of the whole process. */
  rss: number;
}

export interface MemoryBench {
  pictures: number;
  /** Distinct pictures among them, looked at in turn. */
  files: number;
  samples: MemorySample[];
  /** Tensors were as many at every sample after the warm-up as at the first. */
  tensorsConstant: boolean;
  /** Growth after the first 100 pictures (least squares), bytes a picture; null with fewer than three samples after them. */
  slope: { rss: number; threadHeap: number; threadExternal: number } | null;
}

/** Buffers and caches grow to the largest picture first. */
const SETTLED = 100;

/**
 * Looks at many pictures through one inspector, and at what it holds: before (one picture looked at), and after every `every` pictures.
 *
 * @param files pictures to look at, in turn; those that cannot be read are part of the load
 * @param pool of one thread
 * @throws {RangeError} when there are no files or the pool has more threads
 */
export async function benchMemory(options: {
  files: readonly string[];
  pool: InspectorPool;
  count?: number;
  every?: number;
  signal?: AbortSignal | undefined;
  rss?: () => number;
  /** Told each sample as it is taken: a thousand looks take minutes. */
  onSample?: (sample: MemorySample) => void;
}): Promise<MemoryBench> {
  const { files, pool, count = 1000, every = 100, signal, rss = () => process.memoryUsage.rss(), onSample } = options;
  if (files.length === 0) throw new RangeError('No pictures to look at');
  const samples: MemorySample[] = [];
  const look = async (from: number, to: number): Promise<void> => {
    const sources = Array.from({ length: to - from }, (_, n) => ({ path: files[(from + n) % files.length] ?? '' }));
    for await (const _ of pool.inspectAll(sources, signal));
    const [thread, second] = await pool.memory();
    if (!thread || second) throw new RangeError('Memory is measured with one thread');
    const { tensors, tensorBytes, heapUsed, external } = thread;
    const sample = { pictures: to, tensors, tensorBytes, threadHeap: heapUsed, threadExternal: external, rss: rss() };
    samples.push(sample);
    onSample?.(sample);
  };
  await look(0, 1);
  for (let done = 1; done < count; ) {
    const next = Math.min(count, done - (done % every) + every);
    await look(done, next);
    done = next;
  }
  const settled = samples.filter(({ pictures }) => pictures >= SETTLED);
  return {
    pictures: count,
    files: files.length,
    samples,
    tensorsConstant: samples.every(({ tensors }) => tensors === samples[0]?.tensors),
    slope:
      settled.length < 3
        ? null
        : {
            rss: slopeOf(settled, 'rss'),
            threadHeap: slopeOf(settled, 'threadHeap'),
            threadExternal: slopeOf(settled, 'threadExternal'),
          },
  };
}

/** The lines people read. */
export function memoryReport({ pictures, files, samples, tensorsConstant, slope }: MemoryBench): string[] {
  const kb = (bytes: number) => `${(bytes / 1024).toFixed(1)} kB`;
  return [
    `${pictures} looks at ${files} pictures through one inspector; MB`,
    ...samples.map((sample) => `  ${sampleLine(sample)}`),
    `tensors ${tensorsConstant ? 'constant' : 'NOT CONSTANT'}`,
    slope
      ? `growth a picture after the first ${SETTLED}: process ${kb(slope.rss)}, thread heap ${kb(slope.threadHeap)}, external ${kb(slope.threadExternal)}`
      : 'too few pictures to tell growth',
  ];
}

/** One sample on a line. */
export function sampleLine({ pictures, tensors, tensorBytes, threadHeap, threadExternal, rss }: MemorySample): string {
  const mb = (bytes: number) => (bytes / 1048576).toFixed(1);
  return (
    `after ${`${pictures}`.padStart(5)}: tensors ${tensors} (${mb(tensorBytes)}), thread heap ${mb(threadHeap)}, ` +
    `external ${mb(threadExternal)}, process ${mb(rss)}`
  );
}

function slopeOf(samples: readonly MemorySample[], key: 'rss' | 'threadHeap' | 'threadExternal'): number {
  const x = samples.reduce((sum, { pictures }) => sum + pictures, 0) / samples.length;
  const y = samples.reduce((sum, sample) => sum + sample[key], 0) / samples.length;
  let [xy, xx] = [0, 0];
  for (const sample of samples) {
    xy += (sample.pictures - x) * (sample[key] - y);
    xx += (sample.pictures - x) ** 2;
  }
  return xy / xx;
}
