import type { InspectorPool } from '../pool.ts';

/**
 * How many pictures a second a pool looks at, decoding included.
 *
 * @param files pictures to look at, in turn, until `count` are done; the first round of every worker warms up and does not count
 */
export async function benchSpeed(options: {
  files: readonly string[];
  pool: InspectorPool;
  count?: number;
  now?: () => number;
}): Promise<{ pictures: number; rate: number; lookMs: number }> {
  const { files, pool, count = 100, now = () => performance.now() } = options;
  if (files.length === 0) throw new RangeError('No pictures to look at');
  const sources = (many: number) => Array.from({ length: many }, (_, n) => ({ path: files[n % files.length] ?? '' }));
  for await (const { error } of pool.inspectAll(sources(8))) if (error) throw error;
  const looks: number[] = [];
  const start = now();
  for await (const { inspection } of pool.inspectAll(sources(count))) if (inspection) looks.push(inspection.ms);
  const seconds = (now() - start) / 1000;
  looks.sort((a, b) => a - b);
  return { pictures: count, rate: count / seconds, lookMs: looks[looks.length >> 1] ?? 0 };
}
