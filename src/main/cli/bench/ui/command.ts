import type { Command } from 'commander';
import type { CommandContext } from '../../context.ts';
import { wholeNumber } from '../../input.ts';
import { EXIT } from '../../output.ts';
import { portraitOf } from '../pictures.ts';
import { UI_TARGETS, uiMisses, uiReport } from './figures.ts';
import { benchUi } from './run.ts';

interface UiOptions {
  rounds: number;
  photo?: string;
  targets?: boolean;
}

/** `bench ui`: the page in the machine's Chromium. */
export function registerBenchUi(bench: Command, { out, env, signal, exit }: CommandContext): void {
  bench
    .command('ui')
    .description(
      'the page in Chromium: what it weighs, its first paint, from a touch to another screen (needs a checkout)',
    )
    .option('--rounds <n>', 'walks through desk and kiosk', wholeNumber('--rounds', 1, 100), 5)
    .option('--photo <file>', 'portrait of the person before the camera; else one cut out of a demo picture')
    .option('--targets', 'exit with 1 when a target is missed')
    .option('--json', 'print one JSON object')
    .action(async ({ rounds, photo, targets }: UiOptions, command: Command) => {
      const portrait = await portraitOf(photo);
      const result = await benchUi({ portrait, rounds, env, signal, note: (text) => out.note(text) });
      const missed = uiMisses(result);
      if (command.optsWithGlobals<{ json?: boolean }>().json)
        out.json({ bench: 'ui', ...result, targets: UI_TARGETS, missed });
      else for (const line of uiReport(result)) out.line(line);
      if (targets && missed.length > 0) exit(EXIT.failed);
    });
}
