import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type BatchCosts, benchBatch } from '#vision/node/bench/batch';
import { openInspector } from '../../../compose.ts';
import { builtFiles, programRoot } from '../../../root.ts';
import type { CommandContext } from '../../context.ts';
import { commaList, wholeNumber } from '../../input.ts';
import { UsageError } from '../../output.ts';
import { picturesUnder } from '../pictures.ts';
import { type Agreement, compareVerdicts } from './agreement.ts';
import { compareThorough } from './cascade.ts';
import { createCamera, goodPictures, SIZES } from './crowd.ts';
import { type EndToEnd, endToEnd, exponentOf } from './end-to-end.ts';
import { benchPace, type Pace } from './pace.ts';

interface BatchOptions {
  faces?: string;
  photos: number;
  rounds: number;
  rows: number;
  to: string[];
  json?: boolean;
}

const MP = { '12': '12 MP', '1': '1 MP' } as const;
const megabytes = (bytes: number) => Math.round(bytes / 1e6);

function costLine(costs: BatchCosts): string {
  const { set, decodeMs, checkMs, describeMs, ssdMs, overDecode, ssdOverCheck } = costs;
  return (
    `${set}: CPU a photo: decode alone ${decodeMs.toFixed(0)} ms, check ${checkMs.toFixed(0)} ms (${overDecode.toFixed(2)} × decode), ` +
    `with the face's numbers ${describeMs.toFixed(0)} ms; SSD with 68 landmarks ${ssdMs.toFixed(0)} ms (${ssdOverCheck.toFixed(1)} × the check)`
  );
}
function paceLine({ set, one, ahead, two, twoOverOne, twoOverAhead }: Pace): string {
  return (
    `${set}: one thread ${one.toFixed(1)} photos a second (${ahead.toFixed(1)} while it decodes ahead), two ${two.toFixed(1)}: ` +
    `${twoOverOne.toFixed(2)} × one (${twoOverAhead.toFixed(2)} × one that decodes ahead)`
  );
}
function agreementLine(what: string, { compared, accepted, verdicts, reasons }: Agreement): string {
  const named = (files: readonly string[]) => (files.length === 0 ? '' : ` (${files.join(', ')})`);
  return (
    `${compared} pictures ${what}, ${accepted} accepted: ` +
    `${verdicts.length} verdicts differ${named(verdicts)}, ${reasons.length} reasons differ${named(reasons)}`
  );
}
function rowsLine({ rows, ms, cpuMs, accepted, delivered, platforms, peak, quarters }: EndToEnd): string {
  const memory =
    peak === null
      ? 'memory not told here'
      : `at most ${megabytes(peak.total)} MB (import ${megabytes(peak.import)}, platforms ${megabytes(peak.lab)})`;
  const flat =
    quarters === null ? '' : `; first and last quarter ${megabytes(quarters.first)} and ${megabytes(quarters.last)} MB`;
  return (
    `${rows} rows to ${platforms.join(', ')}: ${(ms / 1_000).toFixed(0)} s, ${Math.round((rows * 60_000) / ms)} rows a minute, ` +
    `${accepted} accepted, ${delivered} delivered, CPU a row ${((cpuMs.import + cpuMs.lab) / rows).toFixed(0)} ms; ${memory}${flat}`
  );
}

/** `bench batch`: what the photos of an import cost, and an import from the table to the simulated platforms. */
export function registerBenchBatch(bench: Command, { out, env, signal }: CommandContext): void {
  bench
    .command('batch')
    .description(
      'photos of 12 and 1 megapixels made from a folder: CPU of the check beside decoding alone and SSD, one thread and two; with --rows an import by the real command',
    )
    .option('--faces <folder>', 'pictures to make the photos from: those with one good face are taken')
    .option('--photos <n>', 'photos of each size', wholeNumber('--photos', 1, 1_000), 12)
    .option('--rounds <n>', 'how often each photo is looked at in each way', wholeNumber('--rounds', 1, 100), 5)
    .option(
      '--rows <n>',
      'people of the largest import; 100, 1,000 and so on up to it',
      wholeNumber('--rows', 0, 100_000),
      0,
    )
    .option('--to <ids>', 'simulated platforms an import sends to', commaList, ['hcp'])
    .option('--json', 'print one JSON object a figure')
    .action(async (_options: unknown, command: Command) => {
      const { faces, photos, rounds, rows, to, json } = command.optsWithGlobals<BatchOptions>();
      if (faces === undefined) throw new UsageError('name the folder the photos are made from: --faces DIR');
      const tell = (figure: string, figures: object, line: string) => {
        if (json) out.json({ bench: 'batch', figure, ...figures });
        else out.line(line);
      };
      const all = await picturesUnder(faces);
      const pictures = await usable(all);
      out.note(`${pictures.length} pictures of ${faces} show one good face; load ${loadavg()[0]?.toFixed(1)}`);
      const { engine, benchBatchWorker, cli } = builtFiles(programRoot(import.meta.dirname));
      const sets = [];
      for (const size of ['12', '1'] as const) {
        const camera = await createCamera(SIZES[size]);
        const made: Uint8Array[] = [];
        for (const [n, picture] of spread(pictures, photos).entries())
          made.push(await camera(picture, Math.floor(n / pictures.length)));
        sets.push({ name: MP[size], photos: made });
        const bytes = made.reduce((sum, photo) => sum + photo.length, 0) / made.length;
        out.note(`${MP[size]}: ${photos} photos of ${(bytes / 1e6).toFixed(1)} MB`);
      }
      for (const costs of await benchBatch({ assets: engine, workerUrl: benchBatchWorker, sets, rounds, signal }))
        tell('cost', costs, costLine(costs));
      for (const pace of await benchPace(sets, rounds, signal)) tell('pace', pace, paceLine(pace));
      const folder = await mkdtemp(join(tmpdir(), 'vestibule-bench-'));
      try {
        const agreement = await compareVerdicts(faces, all, { cli, folder, env, signal });
        tell('agreement', agreement, agreementLine('through check and through import', agreement));
        const cascade = await compareThorough(all, signal);
        tell('cascade', cascade, agreementLine('without a quick look and with it', cascade));
        if (rows === 0) return;
        const found: EndToEnd[] = [];
        for (const count of sizesUpTo(rows)) {
          const note = (line: string) => out.note(line);
          const figures = await endToEnd(count, { cli, folder, pictures, to, env, signal, note });
          found.push(figures);
          tell('rows', figures, rowsLine(figures));
        }
        const wall = exponentOf(found);
        const cpu = exponentOf(found.map((one) => ({ rows: one.rows, ms: one.cpuMs.import + one.cpuMs.lab })));
        if (wall !== null && cpu !== null)
          tell(
            'growth',
            { exponent: wall, cpuExponent: cpu },
            `time grows with rows to the power of ${wall.toFixed(2)}, CPU time of ${cpu.toFixed(2)}`,
          );
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
}

/** So many pictures of a list, from all over it, for its first may be one person's; more than there are: all, again and again. */
export function spread(pictures: readonly string[], count: number): string[] {
  const step = Math.max(1, pictures.length / count);
  return Array.from({ length: count }, (_, n) => pictures[Math.floor(n * step) % pictures.length] ?? '');
}

/** 100, 1,000, 10,000 … below the largest, and the largest. */
export function sizesUpTo(rows: number): number[] {
  const sizes: number[] = [];
  for (let size = 100; size < rows; size *= 10) sizes.push(size);
  return [...sizes, rows];
}

async function usable(files: readonly string[]): Promise<string[]> {
  const pool = openInspector();
  try {
    const good = await goodPictures(files, pool);
    if (good.length === 0) throw new UsageError('none of these pictures shows one good face');
    return good;
  } finally {
    await pool.close();
  }
}
