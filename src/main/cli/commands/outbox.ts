import { type Command, Option } from 'commander';
import { exitCode } from '#shared/delivery';
import {
  hasJournal,
  keyFile,
  loadKeys,
  type OutboxEntry,
  type PlatformQueue,
  type RepairReport,
  repairJournal,
  type Station,
} from '#station/index';
import { withStation } from '../compose.ts';
import type { CommandContext } from '../context.ts';
import { deliveryJson, deliveryText } from '../delivery-line.ts';
import { wholeNumber } from '../input.ts';
import { EXIT } from '../output.ts';

interface Common {
  data: string;
  config?: string;
  json?: boolean;
}

/** `outbox list|run|answer|retry|stop|repair`: what waits, what failed, the answers to questions, and a damaged journal. */
export function registerOutbox(program: Command, context: CommandContext): void {
  const outbox = program.command('outbox').description('what waits, what failed, and answers to questions');
  const sub = (name: string, description: string) =>
    outbox
      .command(name)
      .description(description)
      .requiredOption('--data <folder>', 'the station’s data')
      .option('--config <file>', 'the configuration; without it the one that was used last')
      .option('--json', 'print one JSON object a delivery');
  /** Nothing waits where nothing was ever kept. The folder is not made: its name may be mistyped. */
  const nothingKept = ({ data }: Common): boolean => {
    if (hasJournal(data)) return false;
    context.out.note(`no station has kept anything in ${data}; is the name right?`);
    return true;
  };
  const station = (options: Common, work: (station: Station) => Promise<OutboxEntry[]>) =>
    withStation(context, options, async (opened) =>
      print(context, options, await work(opened), opened.outbox.platforms()),
    );

  sub('list', 'every delivery and its state').action(async (options: Common) => {
    if (!nothingKept(options)) await station(options, async ({ outbox }) => outbox.list());
    // To list is not to judge: whatever the states, the list is what was asked for.
    context.exit(0);
  });

  sub('run', 'deliver what waits, and look where it is due whether platforms have what they took')
    .option('--wait <seconds>', 'keep trying for so long', wholeNumber('--wait', 0, 86_400))
    .action(async (options: Common & { wait?: number }) => {
      if (nothingKept(options)) return;
      await withStation(context, options, async ({ outbox, removals }) => {
        const [entries] = await Promise.all([
          outbox.run({
            signal: context.signal,
            verify: true,
            ...(options.wait === undefined
              ? { until: 'once' as const }
              : { until: 'settled' as const, deadlineMs: options.wait * 1000 }),
          }),
          removals.finish(context.signal),
        ]);
        print(context, options, entries, outbox.platforms());
        const left = removals.open().length;
        if (left === 0) return;
        context.out.note(`${left} removals still wait for their platforms`);
        if (exitCode(entries.map(({ state }) => state)) === 0) context.exit(EXIT.pending);
      });
    });

  sub('answer <delivery>', 'answer a question, then deliver')
    .addOption(
      new Option('--similar <answer>', 'enrol all the same, or do not')
        .choices(['force', 'stop'])
        .makeOptionMandatory(),
    )
    .action(async (id: string, options: Common & { similar: 'force' | 'stop' }) => {
      await station(options, async ({ outbox }) => {
        const { enrolment } = outbox.answer(id, options.similar);
        if (options.similar === 'force') await outbox.run({ signal: context.signal, enrolment, until: 'once' });
        return outbox.list({ enrolment }).filter((entry) => entry.id === id);
      });
    });

  sub('stop <delivery>', 'give a delivery up that waits, asks or was refused').action(
    async (id: string, options: Common) => {
      await station(options, async ({ outbox }) => [outbox.answer(id, 'stop')]);
      context.exit(EXIT.good);
    },
  );

  outbox
    .command('repair')
    .description('rebuild a damaged journal from what can be read of it; it is set aside as it was first')
    .requiredOption('--data <folder>', 'the station’s data')
    .option('--json', 'print one JSON object')
    .action(async (options: { data: string; json?: boolean }) => {
      const keys = await loadKeys(keyFile(options.data, context.env));
      const report = await repairJournal(options.data, keys, Date.now());
      if (options.json) context.out.json(report);
      else for (const line of repairLines(report)) context.out.line(line);
      if (report.lost.length > 0) context.exit(EXIT.failed);
    });

  sub('retry <delivery>', 'try a waiting, refused or abandoned delivery again').action(
    async (id: string, options: Common) => {
      await station(options, async ({ outbox }) => {
        const { enrolment } = outbox.retry(id);
        await outbox.run({ signal: context.signal, enrolment, until: 'once' });
        return outbox.list({ enrolment }).filter((entry) => entry.id === id);
      });
    },
  );
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function repairLines({ state, backup, tables, lost, photosAside }: RepairReport): string[] {
  if (state === 'whole') return ['the journal is whole: nothing was changed'];
  return [
    `rebuilt; the journal as it was is in ${backup}`,
    ...tables.map(({ table, kept, damaged, unread }) => {
      const gone = damaged + unread === 0 ? '' : `, ${damaged} damaged, at most ${unread} unreadable`;
      return `${table.padEnd(12)} ${kept} kept${gone}`;
    }),
    ...lost.map(({ what, id, note }) => `${what.padEnd(12)} ${id}: ${note}`),
    ...(photosAside > 0 ? [`${photosAside} photos of lost enrolments were moved there too`] : []),
  ];
}

/** A platform's circuit in words, for people. */
function circuitText({ platform, circuit, failures, pausedUntil }: PlatformQueue): string {
  const failed = `${platform}: failed ${failures} time${failures === 1 ? '' : 's'} in a row`;
  return circuit === 'open'
    ? `${failed} and is left alone until ${isoOrNull(pausedUntil)} (circuit open)`
    : `${failed} and is being tried again with one delivery (circuit half-open)`;
}

function print(
  context: CommandContext,
  options: Common,
  entries: OutboxEntry[],
  platforms: readonly PlatformQueue[],
): void {
  const queues = new Map(platforms.map((queue) => [queue.platform, queue]));
  for (const entry of entries) {
    if (options.json) {
      context.out.json({
        enrolment: entry.enrolment,
        code: entry.code,
        ...deliveryJson(entry),
        nextAttemptAt: isoOrNull(entry.nextAttemptAt),
        door: entry.door ?? null,
        nextCheckAt: isoOrNull(entry.nextCheckAt ?? null),
        circuit: queues.get(entry.platform)?.circuit ?? null,
        pausedUntil: isoOrNull(queues.get(entry.platform)?.pausedUntil ?? null),
      });
    } else context.out.line(`${entry.id}  ${entry.code.padEnd(16)} ${deliveryText(entry)}`);
  }
  if (entries.length === 0) context.out.note('the outbox is empty');
  for (const queue of platforms) if (queue.circuit !== 'closed') context.out.note(circuitText(queue));
  context.exit(exitCode(entries.map(({ state }) => state)));
}
