import { type Command, Option } from 'commander';
import { definitions } from '#platforms/index';
import { PRESETS, type PresetName, resolveCriteria } from '#shared/quality';
import { readConfigFile } from '#station/index';
import { ENGINES, type EngineName } from '#vision/engines/names';
import { writePlots } from '#vision/node/bench/plots/write';
import { benchQuality } from '#vision/node/bench/quality';
import { qualityReport } from '#vision/node/bench/report';
import { targetsHold } from '#vision/node/bench/targets';
import { openInspector } from '../../compose.ts';
import type { CommandContext } from '../context.ts';
import { wholeNumber } from '../input.ts';
import { EXIT } from '../output.ts';
import { folderOf } from './pictures.ts';

interface QualityOptions {
  faces?: string;
  preset?: PresetName;
  config?: string;
  engine: EngineName;
  threads?: number;
  plots?: string;
  targets?: boolean;
}

/** `bench quality`: the check beside what people say of the same pictures (docs/quality.md). */
export function registerBenchQuality(bench: Command, { out, env, signal, exit }: CommandContext): void {
  bench
    .command('quality [folder]')
    .description('judge a folder of labelled pictures (labels.csv beside them) and compare with the labels')
    .option('--faces <folder>', 'the folder of the pictures and labels.csv')
    .addOption(new Option('--preset <name>', 'criteria, instead of those of --config; else standard').choices(PRESETS))
    .option('--config <file>', 'criteria of this configuration')
    .addOption(new Option('--engine <name>', 'face engine to measure').choices(ENGINES).default(ENGINES[0]))
    .option('--threads <n>', 'pictures looked at side by side; else one a core', wholeNumber('--threads', 1, 64))
    .option('--plots <folder>', 'write SVG plots of every measure and angle there')
    .option('--targets', 'exit with 1 when a target is missed')
    .option('--json', 'print one JSON object')
    .action(async (named: string | undefined, options: QualityOptions, command: Command) => {
      const folder = await folderOf(named, options.faces);
      const config = options.config ? await readConfigFile(options.config, env, definitions) : null;
      const quality = options.preset ? { preset: options.preset } : (config?.quality ?? {});
      const preset = quality.preset ?? 'standard';
      const criteria = resolveCriteria(quality);
      const { engine, threads } = options;
      const pool = openInspector(threads, engine);
      try {
        const run = await benchQuality({ folder, pool, criteria, signal });
        const { bench, problems, rate, lookMs } = run;
        if (command.optsWithGlobals<{ json?: boolean }>().json) {
          const setting = { bench: 'quality', preset, engine, threads: threads ?? 'all' };
          out.json({ ...setting, ...bench, pose: bench.angles.byKind, rate, lookMs, problems });
        } else for (const line of qualityReport(run)) out.line(line);
        if (options.plots) {
          const files = await writePlots(options.plots, run.outcomes, criteria, preset);
          out.note(`${files.length} plots written to ${options.plots}`);
        }
        if (options.targets && !targetsHold(bench.targets)) exit(EXIT.failed);
      } finally {
        await pool.close();
      }
    });
}
