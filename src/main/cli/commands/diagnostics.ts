import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { MeasuredDisagreement, PlatformAgreement } from '#shared/calls/quality';
import { demandStation, withStation } from '../compose.ts';
import type { CommandContext } from '../context.ts';
import { UsageError } from '../output.ts';
import { range } from '../ranges.ts';

interface Options {
  data: string;
  config?: string;
  csv?: string;
  clear?: string | true;
  json?: boolean;
}

/** `diagnostics`: how well the check foretells what platforms say of pictures, and which threshold to trim. */
export function registerDiagnostics(program: Command, context: CommandContext): void {
  const { out } = context;
  program
    .command('diagnostics')
    .description('what platforms said of pictures beside what was foretold, and which threshold to trim; names nobody')
    .requiredOption('--data <folder>', 'the station’s data')
    .option('--config <file>', 'the configuration; default: the one used last')
    .option('--csv <file>', 'write the disagreements one by one; "-" is standard output')
    .option('--clear [platform]', 'forget what was counted, of all platforms or of one')
    .option('--json', 'print one JSON object a platform')
    .action(async (options: Options) => {
      if (options.clear !== undefined && options.csv !== undefined)
        throw new UsageError('--clear and --csv are two things: write the file first');
      demandStation(options.data);
      await withStation(context, options, async ({ diagnostics }) => {
        if (options.clear !== undefined) {
          diagnostics.clear(options.clear === true ? null : options.clear);
          out.note('what was counted has been forgotten');
        } else if (options.csv === '-') out.line(diagnostics.csv().trimEnd());
        else if (options.csv !== undefined) await writeFile(options.csv, diagnostics.csv(), { mode: 0o600 });
        else {
          const platforms = diagnostics.summary();
          if (platforms.length === 0) out.note('no platform has answered about a picture yet');
          for (const platform of platforms) {
            if (options.json) out.json(platform);
            else for (const line of told(platform)) out.line(line);
          }
        }
      });
    });
}

const VERDICTS: Record<MeasuredDisagreement['verdict'], string> = {
  strict: 'warned, but taken',
  lenient: 'refused without a warning',
  other: 'refused for another reason than foreseen',
};

function told({ platform, kind, answers, agreed, strict, lenient, other, measures }: PlatformAgreement): string[] {
  const counts = [
    [agreed, 'as foretold'],
    [lenient, 'refused without a warning'],
    [strict, 'warned of, but taken'],
    [other, 'refused for another reason'],
  ] as const;
  const named = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return [
    `${platform} (${kind}): ${[`${answers} ${answers === 1 ? 'answer' : 'answers'}`, ...named].join(', ')}`,
    ...measures.flatMap((one) => [
      `  ${one.measure ?? 'nothing measured here'}: ${VERDICTS[one.verdict]} ${one.count}× (${one.codes.join(', ')})${seen(one.values)}`,
      `    ${advised(one)}`,
    ]),
  ];
}

function seen(values: readonly number[]): string {
  return values.length === 0 ? '' : `, values ${values.join(' ')}`;
}

function advised({ advice, measure, current }: MeasuredDisagreement): string {
  const { kind, limit, few } = advice;
  const set = limit === null ? '' : `"quality": {"${measure}": ${JSON.stringify(limit)}}`;
  const now = current === null ? 'no limit' : range(current);
  const wait = few ? ' (these are few: wait for more before you change anything)' : '';
  switch (kind) {
    case 'tighten':
      return `to have such pictures taken again at the desk, set ${set}; now ${now}${wait}`;
    case 'relax':
      return `the platform takes what the gate refuses: set ${set}; now ${now}${wait}`;
    case 'done':
      return `the limit of today (${now}) would have caught them`;
    case 'keep':
      return `nothing to change: the gate lets these through (${now}) and the platform takes them`;
    case 'unseen':
      return 'no limit would have helped: what was measured is good even for a document portrait';
    case 'framing':
      return 'no limit would have helped: the station frames the picture itself before it sends it';
    case 'none':
      return 'no limit would have helped: this is not measured here';
  }
}
