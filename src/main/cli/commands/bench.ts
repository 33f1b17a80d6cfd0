import type { Command } from 'commander';
import { benchSpeed } from '#vision/node/bench/speed';
import { openInspector } from '../../compose.ts';
import { registerBenchBatch } from '../bench/batch/index.ts';
import { registerBenchMemory, registerBenchStill } from '../bench/cost.ts';
import { benchDelivery } from '../bench/delivery.ts';
import { registerBenchImport } from '../bench/import/index.ts';
import { registerBenchLive } from '../bench/live/command.ts';
import { picturesOf, portraitOf } from '../bench/pictures.ts';
import { registerBenchQuality } from '../bench/quality.ts';
import { registerBenchRobust } from '../bench/robust.ts';
import { registerBenchUi } from '../bench/ui/command.ts';
import type { CommandContext } from '../context.ts';
import { wholeNumber } from '../input.ts';
import { registerFaultBench } from './bench-faults.ts';

interface BenchOptions {
  pictures?: string;
  photo?: string;
  count: number;
  people: number;
  json?: boolean;
}

/** `bench`: the project's own benchmarks. Figures of one run on one machine: compare them with each other, not across machines. */
export function registerBench(program: Command, context: CommandContext): void {
  const { out, env, signal } = context;
  const bench = program
    .command('bench')
    .description('the project’s own benchmarks: pictures judged a second, and time from a photo to five receipts')
    // A benchmark's own options may bear the names of these.
    .enablePositionalOptions()
    .option('--pictures <folder>', 'pictures to judge; else the demo pictures of face-api.js')
    .option('--photo <file>', 'portrait to enrol; else one cut out of a demo picture')
    .option('--count <n>', 'pictures to judge', wholeNumber('--count', 1, 100_000), 60)
    .option('--people <n>', 'people to enrol', wholeNumber('--people', 1, 10_000), 10)
    .option('--json', 'print one JSON object a benchmark')
    .action(async (options: BenchOptions) => {
      const files = await picturesOf(options.pictures);
      const photo = await portraitOf(options.photo);
      for (const workers of [1, undefined]) {
        const pool = openInspector(workers);
        try {
          const speed = await benchSpeed({ files, pool, count: options.count });
          const threads = workers ?? 'all';
          if (options.json) out.json({ bench: 'check', threads, ...speed });
          else
            out.line(
              `check, ${threads} thread(s): ${speed.rate.toFixed(1)} pictures a second, a look ${speed.lookMs.toFixed(0)} ms`,
            );
        } finally {
          await pool.close();
        }
      }
      const delivery = await benchDelivery(photo, options.people, env, signal);
      if (options.json) out.json({ bench: 'delivery', ...delivery });
      else {
        out.line(
          `delivery: photo to journal ${delivery.acceptMs.toFixed(0)} ms, to five receipts ${delivery.totalMs.toFixed(0)} ms ` +
            `(medians of ${delivery.people}), ${delivery.failed} failed`,
        );
      }
    });

  registerBenchQuality(bench, context);
  registerBenchRobust(bench, context);
  registerBenchMemory(bench, context);
  registerBenchStill(bench, context);
  registerBenchLive(bench, context);
  registerBenchUi(bench, context);
  registerFaultBench(bench, context);
  registerBenchImport(bench, context);
  registerBenchBatch(bench, context);
}
