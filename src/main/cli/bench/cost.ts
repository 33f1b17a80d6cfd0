import type { Command } from 'commander';
import { benchMemory, memoryReport, sampleLine } from '#vision/node/bench/memory';
import { benchStill } from '#vision/node/bench/still';
import { openInspector } from '../../compose.ts';
import { builtFiles, programRoot } from '../../root.ts';
import type { CommandContext } from '../context.ts';
import { wholeNumber } from '../input.ts';
import { EXIT } from '../output.ts';
import { picturesUnder } from './pictures.ts';

interface MemoryOptions {
  pictures: number;
  faces?: string;
}

interface StillOptions {
  faces?: string;
  count: number;
  rounds: number;
}

/** `bench memory`: what an inspector holds over many pictures. Exits with 1 when tensors were lost. */
export function registerBenchMemory(bench: Command, { out, signal, exit }: CommandContext): void {
  bench
    .command('memory')
    .description('look at many pictures through one inspector: tensors and memory must stay as they are')
    .option('--pictures <n>', 'how many looks', wholeNumber('--pictures', 2, 1_000_000), 1000)
    .option('--faces <folder>', 'pictures to look at in turn; else the demo pictures of face-api.js')
    .option('--json', 'print one JSON object')
    .action(async ({ pictures, faces }: MemoryOptions, command: Command) => {
      const files = await picturesUnder(faces);
      const pool = openInspector(1);
      try {
        const result = await benchMemory({
          files,
          pool,
          count: pictures,
          signal,
          onSample: (sample) => out.note(sampleLine(sample)),
        });
        if (command.optsWithGlobals<{ json?: boolean }>().json) out.json({ bench: 'memory', ...result });
        else for (const line of memoryReport(result)) out.line(line);
        if (!result.tensorsConstant) exit(EXIT.failed);
      } finally {
        await pool.close();
      }
    });
}

/** `bench still`: the thorough check beside SSD MobileNet with 68 landmarks, as a ratio. */
export function registerBenchStill(bench: Command, { out, signal }: CommandContext): void {
  bench
    .command('still')
    .description('time the thorough check beside SSD MobileNet with 68 landmarks alone, on the same pictures')
    .option('--faces <folder>', 'pictures to look at; else the demo pictures of face-api.js')
    .option('--count <n>', 'how many of them, evenly chosen', wholeNumber('--count', 1, 100_000), 40)
    .option('--rounds <n>', 'looks at each picture; the shortest counts', wholeNumber('--rounds', 1, 100), 3)
    .option('--json', 'print one JSON object')
    .action(async ({ faces, count, rounds }: StillOptions, command: Command) => {
      const all = await picturesUnder(faces);
      const step = Math.max(1, all.length / count);
      const files = all.filter((_, n) => Math.floor(n / step) !== Math.floor((n - 1) / step));
      const { engine, benchStillWorker } = builtFiles(programRoot(import.meta.dirname));
      const result = await benchStill({ assets: engine, workerUrl: benchStillWorker, files, rounds, signal });
      if (command.optsWithGlobals<{ json?: boolean }>().json) {
        out.json({ bench: 'still', ...result });
        return;
      }
      for (const { file, message } of result.skipped) out.note(`left out: ${file}: ${message}`);
      out.line(
        `thorough check ${result.ratio.toFixed(2)} × SSD MobileNet with 68 landmarks (medians ${result.thoroughMs.toFixed(0)} and ` +
          `${result.aloneMs.toFixed(0)} ms over ${result.pictures} pictures; the slowest picture ${result.worst.ratio.toFixed(2)} ×)`,
      );
    });
}
