import type { Command } from 'commander';
import { isClean } from '../bench/faults/account.ts';
import { benchFaults, faultLines } from '../bench/faults/index.ts';
import { portraitOf } from '../bench/pictures.ts';
import type { CommandContext } from '../context.ts';
import { wholeNumber } from '../input.ts';
import { EXIT } from '../output.ts';

/** Progress is told after so many kills. */
const TELL_EVERY = 10;

/** `bench faults`: stations killed at random moments, and everybody accounted for. Ctrl-C ends it with what was found until then. */
export function registerFaultBench(bench: Command, { out, env, signal, exit }: CommandContext): void {
  bench
    .command('faults')
    .description('kill stations at random moments while they enrol, and count who is lost, twice or without a photo')
    .option('--kills <n>', 'processes to kill', wholeNumber('--kills', 1, 100_000), 200)
    .option('--seed <n>', 'another choice of moments', wholeNumber('--seed', 0, 2 ** 32 - 1), 1)
    .option('--photo <file>', 'portrait to enrol; else one cut out of a demo picture')
    .option('--json', 'print one JSON object')
    .action(async (options: { kills: number; seed: number; photo?: string; json?: boolean }) => {
      let told = 0;
      const figures = await benchFaults(await portraitOf(options.photo), {
        kills: options.kills,
        seed: options.seed,
        env,
        signal,
        progress({ kills, enrolments }) {
          if (kills - told < TELL_EVERY) return;
          told = kills;
          out.note(`${kills} of ${options.kills} kills, ${enrolments} enrolments`);
        },
      });
      if (options.json) out.json({ bench: 'faults', ...figures, clean: isClean(accountOf(figures)) });
      else for (const line of faultLines(figures)) out.line(line);
      if (!isClean(accountOf(figures))) exit(EXIT.failed);
    });
}

function accountOf({ lost, twice, withoutPhoto, falseReceipts, strangers, outdated }: Parameters<typeof isClean>[0]) {
  return { lost, twice, withoutPhoto, falseReceipts, strangers, outdated };
}
