import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { auditCsv } from '#station/index';
import { demandStation, withStation } from '../compose.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../output.ts';

interface Common {
  data: string;
  json?: boolean;
}

/** `audit verify|export`: who did what and when, and whether the trail is as it was written. */
export function registerAudit(program: Command, context: CommandContext): void {
  const { out } = context;
  const audit = program.command('audit').description('who did what and when; rows that are chained by their hashes');

  audit
    .command('verify')
    .description('follow the whole chain')
    .requiredOption('--data <folder>', 'the station’s data')
    .option('--json', 'print one JSON object')
    .action(async (options: Common) => {
      demandStation(options.data);
      await withStation(context, options, async (station) => {
        const report = station.audit.verify();
        if (options.json) out.json(report);
        else if (report.whole) out.line(`whole: ${report.rows} rows`);
        else out.line(`not as it was written, from row ${report.seq} on: ${report.reason}`);
        if (!report.whole) context.exit(EXIT.failed);
      });
    });

  audit
    .command('export')
    .description('the trail as CSV, which names nobody: people are keyed digests of their codes')
    .requiredOption('--data <folder>', 'the station’s data')
    .requiredOption('--csv <file>', 'where to write; "-" is standard output')
    .option('--code <code>', 'only what concerns this person')
    .action(async (options: Common & { csv: string; code?: string }) => {
      demandStation(options.data);
      await withStation(context, options, async (station) => {
        const rows = auditCsv(station.audit.rows(options.code));
        if (options.csv === '-') for (const line of rows) out.line(line.trimEnd());
        else await writeFile(options.csv, rows, { mode: 0o600 });
        const report = station.audit.verify();
        if (!report.whole) out.note(`the trail is not as it was written, from row ${report.seq} on: ${report.reason}`);
      });
    });
}
