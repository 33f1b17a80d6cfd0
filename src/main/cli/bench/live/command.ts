import type { Command } from 'commander';
import type { CommandContext } from '../../context.ts';
import { wholeNumber } from '../../input.ts';
import { EXIT } from '../../output.ts';
import { portraitOf } from '../pictures.ts';
import { LIVE_TARGETS, liveMisses, liveReport } from './figures.ts';
import { benchLive } from './run.ts';

interface LiveOptions {
  seconds: number;
  rounds: number;
  photo?: string;
  targets?: boolean;
}

/** `bench live`: the live check in the machine's Chromium. */
export function registerBenchLive(bench: Command, { out, env, signal, exit }: CommandContext): void {
  bench
    .command('live')
    .description(
      'the live check in Chromium before a filmed person: rate, long tasks, first verdict (needs a checkout)',
    )
    .option('--seconds <n>', 'how long the station’s page is watched', wholeNumber('--seconds', 1, 3600), 30)
    .option('--rounds <n>', 'turns of each worker at each scene', wholeNumber('--rounds', 1, 100), 5)
    .option('--photo <file>', 'portrait of the person; else one cut out of a demo picture')
    .option('--targets', 'exit with 1 when a target is missed')
    .option('--json', 'print one JSON object')
    .action(async ({ seconds, rounds, photo, targets }: LiveOptions, command: Command) => {
      const portrait = await portraitOf(photo);
      const result = await benchLive({ portrait, seconds, rounds, env, signal, note: (text) => out.note(text) });
      const missed = liveMisses(result);
      if (command.optsWithGlobals<{ json?: boolean }>().json) {
        out.json({ bench: 'live', ...result, targets: LIVE_TARGETS, missed });
      } else for (const line of liveReport(result)) out.line(line);
      if (targets && missed.length > 0) exit(EXIT.failed);
    });
}
