import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type ImportField, type ImportRow, type ImportSummary, importFields } from '#shared/calls/import';
import { type DeliveryState, exitCode } from '#shared/delivery';
import type { Station } from '#station/index';
import { withStation } from '../compose.ts';
import type { CommandContext } from '../context.ts';
import { importProgress } from '../import-progress.ts';
import { commaList, wholeNumber } from '../input.ts';
import { EXIT, UsageError } from '../output.ts';

interface ImportOptions {
  photos?: string;
  to: string[];
  config: string;
  data: string;
  map: Record<string, ImportField | null>;
  report?: string;
  sheet?: boolean;
  dryRun?: boolean;
  onlyFailed?: boolean;
  onDuplicate: 'warn' | 'stop';
  onExisting: 'update' | 'stop';
  onSimilar: 'ask' | 'stop';
  kind: 'staff' | 'visitor';
  dates?: 'dmy' | 'mdy';
  encoding?: string;
  delimiter?: string;
  header: boolean;
  concurrency?: number;
  wait: number;
  json?: boolean;
}

/** `import`: a table and a folder (or zip) of photos; every good row enrolled, every bad row explained. */
export function registerImport(program: Command, context: CommandContext): void {
  program
    .command('import')
    .description('enrol everybody in a table (CSV or .xlsx) with photos from a folder or a zip')
    .argument('<file>', 'the table')
    .option('--photos <folder>', 'folder or zip of the photos; may be left out with --dry-run')
    .requiredOption('--to <ids>', 'platform ids, separated by commas', commaList)
    .requiredOption('--config <file>', 'the configuration')
    .requiredOption('--data <folder>', 'the station’s data')
    .option(
      '--map <column=field>',
      'what a column holds, "#3=phone" by number, "Column=" for nothing; repeat',
      mapped,
      {},
    )
    .option('--report <file>', 'write the table with verdicts and receipts as CSV')
    .option('--sheet', 'write a contact sheet of the photos into the data folder')
    .option('--dry-run', 'tell all that would happen; send nothing')
    .option('--only-failed', 'take rows of an earlier report that failed, and try again what was refused')
    .addOption(new Option('--on-duplicate <what>', 'a face under two codes').choices(['warn', 'stop']).default('warn'))
    .addOption(
      new Option('--on-existing <what>', 'when the code is there').choices(['update', 'stop']).default('update'),
    )
    .addOption(
      new Option('--on-similar <what>', 'when a platform has a similar face').choices(['ask', 'stop']).default('ask'),
    )
    .addOption(new Option('--kind <kind>', 'of rows that do not say').choices(['staff', 'visitor']).default('staff'))
    .addOption(new Option('--dates <order>', 'what 03/04/2026 means').choices(['dmy', 'mdy']))
    .option('--encoding <name>', 'utf-8, utf-16le, utf-16be, gb18030, big5 or windows-1252; else guessed')
    .option('--delimiter <sign>', 'what stands between cells: , ; | or \\t; else guessed')
    .option('--no-header', 'the first row is no header: say what columns hold with --map "#1=code"')
    .option('--concurrency <n>', 'photos at work at once', wholeNumber('--concurrency', 1, 32))
    .option('--wait <seconds>', 'keep trying for so long where a platform is down', wholeNumber('--wait', 0, 86_400), 0)
    .option('--json', 'print one JSON object a row, and one of the whole')
    .action((file: string, options: ImportOptions) => runImport(context, file, options));
}

/** `Student No=code` → that column holds the code; `Notes=` → that one is left out. */
function mapped(value: string, before: Record<string, ImportField | null>): Record<string, ImportField | null> {
  const at = value.lastIndexOf('=');
  const [column, name] = [value.slice(0, at).trim(), value.slice(at + 1).trim()];
  const field = importFields.find((one) => one === name);
  if (at < 1 || (field === undefined && name !== ''))
    throw new UsageError(`--map takes "Column=field"; the fields are ${importFields.join(', ')}`);
  return { ...before, [column]: field ?? null };
}

async function runImport(context: CommandContext, file: string, options: ImportOptions): Promise<void> {
  const { out, signal } = context;
  if (options.photos === undefined && !options.dryRun)
    throw new UsageError('--photos: name the folder or the zip of the photos (only --dry-run goes without)');
  if (options.report !== undefined && resolve(options.report) === resolve(file))
    throw new UsageError('--report: this is the table itself; write the report to another file');
  if (options.report !== undefined) await tryReport(options.report);
  await withStation(context, { config: options.config, data: options.data }, async ({ imports }) => {
    const id = await imports.open({
      file,
      photos: options.photos ?? null,
      reading: {
        encoding: options.encoding,
        delimiter: options.delimiter,
        ...(options.header === false && { header: false }),
      },
      mapping: options.map,
    });
    tellColumns(context, imports, id);
    const settings = {
      to: options.to,
      kind: options.kind,
      dates: options.dates ?? null,
      onDuplicate: options.onDuplicate,
      onExisting: options.onExisting,
      onSimilar: options.onSimilar,
      onlyFailed: options.onlyFailed ?? false,
      concurrency: options.concurrency,
    };
    const progress = importProgress(out, () => imports.progress(id));
    try {
      if (options.dryRun) await imports.check(id, settings, signal);
      else await imports.run(id, settings, { signal, waitMs: options.wait * 1000 });
    } finally {
      progress.end();
    }
    const summary = imports.summary(id);
    if (summary.rows === 0) out.note('the table holds the names of its columns, and no rows below them');
    if (options.json) for (const row of imports.rows(id)) out.json(rowJson(row));
    const sheet = options.sheet && !signal.aborted ? await imports.writeSheet(id) : null;
    if (options.json) out.json({ summary: { ...summary, dryRun: options.dryRun ?? false }, ...(sheet && { sheet }) });
    else for (const line of summaryText(summary)) out.line(line);
    if (sheet !== null)
      out.note(`contact sheet: ${sheet} (pictures of people; deleted after the time failed photos are kept)`);
    // Last: where it cannot be written, what happened has been told all the same.
    if (options.report !== undefined) await writeReport(options.report, imports.report(id));
    if (signal.aborted) {
      out.note('interrupted: the same command goes on where it stopped, and sends nothing twice');
      context.exit(EXIT.interrupted);
    } else context.exit(exitOf(summary, options.dryRun ?? false));
  });
}

/** What was guessed is shown, so that it can be changed. */
function tellColumns({ out }: CommandContext, imports: Station['imports'], id: string): void {
  const { table, photos } = imports.view(id);
  if (table === null) return;
  const fields = table.columns.filter(({ field }) => field !== null);
  const encoding =
    table.encoding === null ? '' : `, ${table.encoding}${table.certain ? '' : ' (a guess: --encoding changes it)'}`;
  out.note(
    `${table.format}${encoding}: ${fields.map(({ name, field, index }) => `${name || `#${index + 1}`} → ${field}`).join(', ')}`,
  );
  const left = table.columns
    .filter(
      ({ field, name }) => field === null && name !== '' && !/^(verdict|reasons)$|:(state|personId|error)$/.test(name),
    )
    .map(({ name }) => name);
  if (left.length > 0) out.note(`not used: ${left.join(', ')}`);
  for (const { message, fatal } of table.problems) if (!fatal) out.note(`note: ${message}`);
  const fatal = table.problems.filter((problem) => problem.fatal).map(({ message }) => message);
  if (fatal.length > 0) throw new UsageError(fatal.join('\n'));
  if (photos !== null)
    out.note(
      `photos: ${photos.files}${photos.refused > 0 ? `, and ${photos.refused} that are never read (links, names that lead out)` : ''}`,
    );
}

const partialOf = (path: string): string => `${path}.${process.pid}.part`;

/** A report that cannot be written is told before anybody is sent, not after. */
async function tryReport(path: string): Promise<void> {
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory()) throw new UsageError(`--report: ${path} is a folder: name a file in it`);
  try {
    await writeFile(partialOf(path), '', { mode: 0o600 });
  } catch (error) {
    throw unwritable(path, error);
  } finally {
    await rm(partialOf(path), { force: true }).catch(() => undefined);
  }
}

/** Under another name first: a report that is there is whole. */
async function writeReport(path: string, lines: Iterable<string>): Promise<void> {
  try {
    await writeFile(partialOf(path), lines, { mode: 0o600 });
    await rename(partialOf(path), path);
  } catch (error) {
    await rm(partialOf(path), { force: true });
    throw unwritable(path, error);
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  EACCES: 'the folder cannot be written to',
  EPERM: 'the folder cannot be written to',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EBUSY: 'another program has it open',
};

function unwritable(path: string, error: unknown): UsageError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return new UsageError(`cannot write the report ${path}: ${WHY[code] ?? code}`);
}

function rowJson({ thumbnail: _thumbnail, reasons, warnings, deliveries, ...row }: ImportRow) {
  return {
    ...row,
    reasons,
    warnings,
    deliveries: deliveries.map(({ platform, state, personId, error }) => ({
      platform,
      state,
      personId,
      error: error && { kind: error.kind, code: error.code, message: error.message },
    })),
  };
}

function summaryText({
  rows,
  accepted,
  refused,
  skipped,
  warned,
  reasons,
  warnings,
  deliveries,
}: ImportSummary): string[] {
  const most = (counts: Record<string, number>) => Object.entries(counts).sort((a, b) => b[1] - a[1]);
  return [
    `${rows} rows: ${accepted} accepted, ${refused} refused${skipped > 0 ? `, ${skipped} needed nothing` : ''}${warned > 0 ? `, ${warned} with notes` : ''}`,
    ...most(reasons).map(([reason, count]) => `  ${String(count).padStart(6)}  ${reason}`),
    ...most(warnings).map(([reason, count]) => `  ${String(count).padStart(6)}  note: ${reason}`),
    ...Object.entries(deliveries).map(
      ([platform, states]) =>
        `${platform}: ${most(states)
          .map(([state, count]) => `${count} ${state}`)
          .join(', ')}`,
    ),
  ];
}

/** A refused row outranks a delivery that is still to come: it will not heal by waiting. */
function exitOf({ refused, deliveries }: ImportSummary, dryRun: boolean): number {
  if (refused > 0) return EXIT.failed;
  if (dryRun) return EXIT.good;
  return exitCode(Object.values(deliveries).flatMap((states) => Object.keys(states) as DeliveryState[]));
}
