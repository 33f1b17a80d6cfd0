import { type Command, Option } from 'commander';
import { PRESETS, type PresetName, resolveCriteria } from '#shared/quality';
import { benchRobust, robustReport } from '#vision/node/bench/robust';
import { openInspector } from '../../compose.ts';
import type { CommandContext } from '../context.ts';
import { picturesIn } from './pictures.ts';

/** `bench robust`: the check on pictures that are altered here. */
export function registerBenchRobust(bench: Command, { out }: CommandContext): void {
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
