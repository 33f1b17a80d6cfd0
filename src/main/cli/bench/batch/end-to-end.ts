import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT } from '../../output.ts';
import { median } from '../figures.ts';
import { writeCrowd } from './crowd.ts';
import { filesIn, startLabProcess } from './lab-process.ts';
import { type Sample, startProgram, watchMemory } from './processes.ts';

/** An import by the real command, with photos, to simulated platforms in a process of their own. Bytes and milliseconds. */
export interface EndToEnd {
  rows: number;
  platforms: string[];
  accepted: number;
  delivered: number;
  /** From the command's start to its end. */
  ms: number;
  cpuMs: { import: number; lab: number };
  photoBytes: number;
  /** The most that both processes held at one time, and each of them by itself. Null where the system does not tell. */
  peak: { total: number; import: number; lab: number } | null;
  /** What both held at most times in the first and in the last quarter of the run. */
  quarters: { first: number; last: number } | null;
}

export interface EndToEndOptions {
  cli: string;
  folder: string;
  pictures: readonly string[];
  to: readonly string[];
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  note(line: string): void;
}

/** How often is told how it stands: ten thousand rows take half an hour. */
const TOLD_MS = 60_000;

/** Imports so many people with photos. @throws Error with the end of what the command said when it fails */
export async function endToEnd(rows: number, options: EndToEndOptions): Promise<EndToEnd> {
  const { folder, signal, note, to, cli, env } = options;
  const place = join(folder, `rows-${rows}`);
  const photos = join(place, 'photos');
  await mkdir(photos, { recursive: true });
  const { table, config, data } = filesIn(place);
  note(`${rows} rows: making their photos …`);
  const { bytes } = await writeCrowd({ table, photos }, options.pictures, rows, signal);
  const lab = await startLabProcess({ cli, config, env, signal });
  try {
    note(`${rows} rows: importing …`);
    const what = [cli, 'import', table, '--photos', photos, '--to', to.join(','), '--config', config, '--data', data];
    const from = performance.now();
    const run = await startProgram([...what, '--wait', '60', '--report', join(place, 'report.csv')], { env, signal });
    const watch = watchMemory([run.pid, lab.pid]);
    const telling = setInterval(() => note(standing(rows, watch.samples)), TOLD_MS);
    const code = await run.ended.finally(() => clearInterval(telling));
    const ms = performance.now() - from;
    const { samples, cpuMs } = watch.stop();
    if (code !== EXIT.good && code !== EXIT.failed)
      throw new Error(`the import of ${rows} rows ended with ${code}: ${run.err().trim()}`);
    const report = await readFile(join(place, 'report.csv'), 'utf8');
    return {
      rows,
      platforms: [...to],
      accepted: count(report, /,accepted,/g),
      delivered: count(report, /,(delivered|verified),/g),
      ms,
      cpuMs: { import: cpuMs[0] ?? 0, lab: cpuMs[1] ?? 0 },
      photoBytes: bytes,
      peak: peakOf(samples),
      quarters: quartersOf(samples),
    };
  } finally {
    await lab.close();
    await rm(place, { recursive: true, force: true });
  }
}

/** How long it has run, and what it holds. */
function standing(rows: number, samples: readonly Sample[]): string {
  const [now, peak] = [samples.at(-1), peakOf(samples)];
  if (now === undefined || peak === null) return `${rows} rows: still importing …`;
  const [here, most] = [now.rss, peak.total].map((bytes) => Math.round(bytes / 1e6));
  return `${rows} rows: ${Math.round(now.at / 60_000)} min, ${here} MB, at most ${most} MB so far`;
}

function count(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0;
}

function peakOf(samples: readonly Sample[]): EndToEnd['peak'] {
  if (samples.length === 0) return null;
  const most = (value: (sample: Sample) => number) => samples.reduce((top, sample) => Math.max(top, value(sample)), 0);
  return {
    total: most(({ rss }) => rss),
    import: most(({ each }) => each[0] ?? 0),
    lab: most(({ each }) => each[1] ?? 0),
  };
}

/** The median of the first and of the last quarter of a run. */
export function quartersOf(samples: readonly Sample[]): EndToEnd['quarters'] {
  const end = samples.at(-1)?.at;
  if (end === undefined || samples.length < 8) return null;
  const part = (from: number, to: number) =>
    median(samples.filter(({ at }) => at >= from * end && at <= to * end).map(({ rss }) => rss));
  return { first: part(0, 0.25), last: part(0.75, 1) };
}

/** The exponent b of time = a · rows^b (least squares of the logarithms); null with fewer than two sizes. 1 is linear. */
export function exponentOf(points: readonly { rows: number; ms: number }[]): number | null {
  if (points.length < 2) return null;
  const logs = points.map(({ rows, ms }) => ({ x: Math.log(rows), y: Math.log(ms) }));
  const x = logs.reduce((sum, point) => sum + point.x, 0) / logs.length;
  const y = logs.reduce((sum, point) => sum + point.y, 0) / logs.length;
  const xy = logs.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  const xx = logs.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  return xx === 0 ? null : xy / xx;
}
