import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { startLab } from '#lab/index';
import { builtFiles, programRoot } from '../../../root.ts';
import type { CommandContext } from '../../context.ts';
import { wholeNumber } from '../../input.ts';
import { portraitOf } from '../pictures.ts';
import { benchFaces, type FacesBench } from './faces.ts';
import { benchPhotos, type PhotosBench } from './photos.ts';
import { benchRows, type RowsBench } from './rows.ts';

interface ImportBenchOptions {
  rows: number;
  photos: number;
  photo?: string;
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

function rowsLine({ rows, ms, peakRss }: RowsBench): string {
  const rate = Math.round((rows * 1_000) / ms);
  return `dry run, ${rows} rows without photos: ${(ms / 1_000).toFixed(1)} s (${rate} rows/s), at most ${megabytes(peakRss)}`;
}
function facesLine({ faces, lookupMs }: FacesBench): string {
  return `face among ${faces} faces: ${lookupMs.toFixed(2)} ms`;
}
function photosLines(photos: PhotosBench): string[] {
  return [
    `check, ${photos.photos} photos: ${photos.checked.toFixed(1)} a second, ${Math.round(photos.descriptorShare * 100)} % of a look for the face's numbers`,
    `run: ${photos.delivered.toFixed(1)} deliveries a second to ${photos.platforms} simulated platforms (${photos.deliveries}, ${photos.failed} failed); at most ${megabytes(photos.peakRss)}, platforms included`,
  ];
}

/** `bench import`: what a table costs in time and memory, with and without photos. */
export function registerBenchImport(bench: Command, { out, env, signal }: CommandContext): void {
  bench
    .command('import')
    .description(
      'import tables of many rows, and photos to the simulated platforms: rows, photos, deliveries a second, memory',
    )
    .option('--rows <n>', 'rows of the largest table', wholeNumber('--rows', 10, 1_000_000), 100_000)
    .option('--photos <n>', 'people with a photo', wholeNumber('--photos', 1, 100_000), 200)
    .option('--photo <file>', 'portrait to enrol; else one cut out of a demo picture')
    .option('--json', 'print one JSON object a figure')
    .action(async (_options: unknown, command: Command) => {
      const { rows, photos, photo, json } = command.optsWithGlobals<ImportBenchOptions & { json?: boolean }>();
      const tell = (bench: string, figures: object, lines: readonly string[]) => {
        if (json) out.json({ bench, ...figures });
        else for (const line of lines) out.line(line);
      };
      const folder = await mkdtemp(join(tmpdir(), 'vestibule-bench-'));
      try {
        const lab = await startLab();
        try {
          const config = join(folder, 'config.json');
          await writeFile(config, JSON.stringify(lab.config), { mode: 0o600 });
          const { cli } = builtFiles(programRoot(import.meta.dirname));
          const options = { cli, folder, config, to: Object.keys(lab.config.platforms), env, signal };
          for (const count of [rows / 10, rows / 2, rows].map(Math.round)) {
            const figures = await benchRows(count, options);
            tell('import rows', figures, [rowsLine(figures)]);
          }
        } finally {
          await lab.close();
        }
        for (const count of [10_000, 50_000]) {
          const figures = benchFaces(count);
          tell('import faces', figures, [facesLine(figures)]);
        }
        const figures = await benchPhotos(await portraitOf(photo), photos, { folder, env, signal });
        tell('import photos', figures, photosLines(figures));
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
}
