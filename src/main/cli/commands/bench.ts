import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { PRESETS, type PresetName, resolveCriteria } from '#shared/quality';
import { ENGINES, type EngineName } from '#vision/engines/names';
import { benchQuality, benchSpeed, qualityReport } from '#vision/node/bench';
import { benchRobust, robustReport } from '#vision/node/robust';
import { openInspector } from '../../compose.ts';
import { benchDelivery } from '../bench/delivery.ts';
import { picturesIn, picturesOf, portraitOf } from '../bench/pictures.ts';
import type { CommandContext } from '../context.ts';
import { wholeNumber } from '../input.ts';

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

  bench
    .command('quality <folder>')
    .description('judge a folder of labelled pictures (labels.csv beside them) and count where the verdict differs')
    .addOption(new Option('--preset <name>', 'criteria').choices(PRESETS).default('standard'))
    .addOption(new Option('--engine <name>', 'face engine to measure').choices(ENGINES).default(ENGINES[0]))
    .option('--json', 'print one JSON object')
    .action(async (folder: string, _options: unknown, command: Command) => {
      const { preset, engine, json } = command.optsWithGlobals<{
        preset: PresetName;
        engine: EngineName;
        json?: boolean;
      }>();
      const pool = openInspector(undefined, engine);
      try {
        const result = await benchQuality({
          labelsCsv: join(folder, 'labels.csv'),
          pool,
          criteria: resolveCriteria({ preset }),
        });
        if (json) out.json({ bench: 'quality', preset, engine, ...result });
        else for (const line of qualityReport(result)) out.line(line);
      } finally {
        await pool.close();
      }
    });

  bench
    .command('robust <folder>')
    .description('change the good portraits of a folder: mildly, which must not refuse them, and harshly, which must')
    .addOption(new Option('--preset <name>', 'criteria').choices(PRESETS).default('standard'))
    .addOption(new Option('--only <kind>', 'one kind of changes').choices(['mild', 'harsh']))
    .option('--json', 'print one JSON object')
    .action(async (folder: string, _options: unknown, command: Command) => {
      const { preset, only, json } = command.optsWithGlobals<{
        preset: PresetName;
        only?: 'mild' | 'harsh';
        json?: boolean;
      }>();
      const files = await picturesIn(folder);
      const pool = openInspector();
      try {
        const criteria = resolveCriteria({ preset });
        const result = await benchRobust({ files, pool, criteria, ...(only && { only }) });
        if (json) out.json({ bench: 'robust', preset, ...result });
        else for (const line of robustReport(result)) out.line(line);
      } finally {
        await pool.close();
      }
    });
}
