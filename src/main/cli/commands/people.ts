import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { demandStation, withStation } from '../compose.ts';
import type { CommandContext } from '../context.ts';
import { commaList } from '../input.ts';
import { EXIT } from '../output.ts';

interface Common {
  config: string;
  data: string;
  json?: boolean;
}

/** `verify`, `export` and `remove`: what the platforms really hold of a person, what is stored here, and the end of it. */
export function registerPeople(program: Command, context: CommandContext): void {
  const { out, signal } = context;

  program
    .command('verify <code>')
    .description('ask every platform whether person, photo and access are really there')
    .requiredOption('--config <file>', 'the configuration')
    .requiredOption('--data <folder>', 'the station’s data')
    .option('--json', 'print one JSON object a platform')
    .action(async (code: string, options: Common) => {
      await withStation(context, options, async (station) => {
        const results = await station.verify(code, signal);
        for (const result of results) {
          if (options.json) out.json({ code, ...result });
          else {
            const { platform, person, photo, access, fault } = result;
            const found = `person ${word(person)}  photo ${word(photo)}  access ${access ?? 'not told'}`;
            out.line(`${platform.padEnd(14)} ${fault ? `${fault.kind} ${fault.code}: ${fault.message}` : found}`);
          }
        }
        if (results.some(({ person, fault }) => !fault && !person)) context.exit(EXIT.failed);
        else if (results.some(({ fault, access }) => fault || access === 'pending')) context.exit(EXIT.pending);
      });
    });

  program
    .command('export <code>')
    .description('everything that is stored here about one person, as JSON')
    .requiredOption('--data <folder>', 'the station’s data')
    .option('--config <file>', 'the configuration; without it the one that was used last')
    .option('--out <file>', 'write to a file, for its owner alone')
    .option('--photos', 'with the photos that are still stored')
    .action(async (code: string, options: { data: string; config?: string; out?: string; photos?: boolean }) => {
      demandStation(options.data);
      await withStation(context, options, async (station) => {
        const stored = await station.exportPerson(code, { photos: options.photos ?? false });
        if (options.out === undefined) out.json(stored);
        else await writeFile(options.out, `${JSON.stringify(stored, null, 2)}\n`, { mode: 0o600 });
      });
    });

  program
    .command('remove <code>')
    .description('delete the person from the named platforms, and the local data')
    .requiredOption('--from <ids>', 'platform ids, separated by commas; "all" is every one configured', commaList)
    .requiredOption('--config <file>', 'the configuration')
    .requiredOption('--data <folder>', 'the station’s data')
    .option('--receipt <file>', 'write the receipt, which names nobody, to a file')
    .option('--json', 'print one JSON object a platform')
    .action(async (code: string, options: Common & { from: string[]; receipt?: string }) => {
      await withStation(context, options, async (station) => {
        const { results, receipt } = await station.remove(code, options.from, signal);
        for (const { platform, removed, fault, again } of results) {
          if (options.json) out.json({ code, platform, removed, error: fault, again, receipt: receipt.id });
          else {
            const text = fault
              ? `${fault.kind} ${fault.code}: ${fault.message}`
              : removed
                ? 'removed'
                : 'was not there';
            out.line(`${platform.padEnd(14)} ${text}`);
          }
        }
        out.note(`receipt ${receipt.id}: here ${LOCAL[receipt.local]}`);
        if (options.receipt !== undefined) await writeFile(options.receipt, `${JSON.stringify(receipt, null, 2)}\n`);
        const failed = results.filter(({ fault }) => fault);
        if (failed.some(({ again }) => again))
          out.note('what could not be reached is tried again: by the station, or by `outbox run`');
        if (failed.length > 0) context.exit(failed.every(({ again }) => again) ? EXIT.pending : EXIT.failed);
      });
    });
}

/** What became of the data here. */
const LOCAL = {
  erased: 'everything is erased',
  kept: 'what belongs to other platforms is kept',
  nothing: 'nothing was stored',
};

function word(value: boolean | null): string {
  return value === null ? 'not told' : value ? 'yes' : 'no';
}
