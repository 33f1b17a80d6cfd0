import { type Command, Option } from 'commander';
import { exitCode } from '#shared/delivery';
import type { OutboxEntry, Station } from '#station/index';
import { withStation } from '../compose.ts';
import type { CommandContext } from '../context.ts';
import { deliveryJson, deliveryText } from '../delivery-line.ts';
import { wholeNumber } from '../input.ts';

interface Common {
  data: string;
  config?: string;
  json?: boolean;
}

/** `outbox list|run|answer|retry`: what waits, what failed, and the answers to questions. */
export function registerOutbox(program: Command, context: CommandContext): void {
  const outbox = program.command('outbox').description('what waits, what failed, and answers to questions');
  const sub = (name: string, description: string) =>
    outbox
      .command(name)
      .description(description)
      .requiredOption('--data <folder>', 'the station’s data')
      .option('--config <file>', 'the configuration; without it the one that was used last')
      .option('--json', 'print one JSON object a delivery');
  const station = (options: Common, work: (station: Station) => Promise<OutboxEntry[]>) =>
    withStation(context, options, async (opened) => print(context, options, await work(opened)));

  sub('list', 'every delivery and its state').action(async (options: Common) => {
    await station(options, async ({ outbox }) => outbox.list());
    // To list is not to judge: whatever the states, the list is what was asked for.
    context.exit(0);
  });

  sub('run', 'deliver what waits')
    .option('--wait <seconds>', 'keep trying for so long', wholeNumber('--wait', 0, 86_400))
    .action(async (options: Common & { wait?: number }) => {
      await station(options, ({ outbox }) =>
        outbox.run({
          signal: context.signal,
          ...(options.wait === undefined
            ? { until: 'once' as const }
            : { until: 'settled' as const, deadlineMs: options.wait * 1000 }),
        }),
      );
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

function print(context: CommandContext, options: Common, entries: OutboxEntry[]): void {
  for (const entry of entries) {
    if (options.json) {
      context.out.json({
        enrolment: entry.enrolment,
        code: entry.code,
        ...deliveryJson(entry),
        nextAttemptAt: entry.nextAttemptAt === null ? null : new Date(entry.nextAttemptAt).toISOString(),
      });
    } else context.out.line(`${entry.id}  ${entry.code.padEnd(16)} ${deliveryText(entry)}`);
  }
  if (entries.length === 0) context.out.note('the outbox is empty');
  context.exit(exitCode(entries.map(({ state }) => state)));
}
