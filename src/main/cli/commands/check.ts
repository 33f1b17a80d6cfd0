import type { Command } from 'commander';
import { definitions, PLATFORMS } from '#platforms/index';
import { assess, type Predictor, pictureFault } from '#station/check';
import { readConfigFile } from '#station/index';
import { resolveTargets } from '#station/people';
import { openInspector } from '../../compose.ts';
import { checkJson, checkText, oneLine } from '../check-line.ts';
import type { CommandContext } from '../context.ts';
import { commaList } from '../input.ts';
import { EXIT } from '../output.ts';

interface CheckOptions {
  config?: string;
  platform?: string[];
  json?: boolean;
}

/** `check`: judges pictures with the station's own eyes, a line a picture in the order given. */
export function registerCheck(program: Command, { out, env, signal, exit }: CommandContext): void {
  program
    .command('check <files...>')
    .description('judge pictures as the station does')
    .option('--config <file>', 'criteria and platforms of this configuration')
    .option('--platform <ids>', 'predict for these platforms only', commaList)
    .option('--json', 'print one JSON object a picture')
    .action(async (files: string[], options: CheckOptions) => {
      const config = options.config
        ? await readConfigFile(options.config, env, definitions)
        : { platforms: everyKind(), quality: undefined };
      const checker = { config, preset: () => 'standard' as const };
      if (options.platform) resolveTargets(options.platform, config.platforms, '--platform');
      const pool = openInspector();
      let good = true;
      try {
        for await (const { source, inspection, error } of pool.inspectAll(
          files.map((path) => ({ path })),
          signal,
        )) {
          const file = source.path;
          if (inspection) {
            const check = assess(inspection, checker, options.platform);
            good &&= check.accepted;
            if (options.json) out.json({ file, ...checkJson(check) });
            else out.line(checkText(file, check));
          } else {
            good = false;
            const { code, message } = pictureFault(error);
            if (options.json) out.json({ file, error: { code, message } });
            else out.line(`unreadable ${oneLine(file)}  ${message}`);
          }
        }
      } finally {
        await pool.close();
      }
      if (!good) exit(EXIT.failed);
    });
}

/** Without a configuration every kind of platform says what it would answer, under its kind's name. */
function everyKind(): Predictor[] {
  return Object.values(PLATFORMS).map((definition) => ({ id: definition.kind, definition }));
}
