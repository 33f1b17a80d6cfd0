import { type Command, Option } from 'commander';
import { exitCode } from '#shared/delivery';
import { FaultError } from '#shared/fault';
import type { OutboxEntry } from '#station/index';
import { checkJson, checkText } from '../check-line.ts';
import { withStation } from '../compose.ts';
import type { CommandContext } from '../context.ts';
import { deliveryJson, deliveryText } from '../delivery-line.ts';
import { commaList, readBytes, readPerson, wholeNumber } from '../input.ts';
import { EXIT } from '../output.ts';

interface EnrolOptions {
  photo: string;
  person: string;
  to: string[];
  config: string;
  data: string;
  wait?: number;
  consent?: string;
  onExisting: 'update' | 'stop';
  onSimilar: 'ask' | 'force' | 'stop';
  json?: boolean;
}

/** `enrol`: one person, one photo, the named platforms. Written to the journal first; what cannot be delivered waits there. */
export function registerEnrol(program: Command, context: CommandContext): void {
  const { out, signal } = context;
  program
    .command('enrol')
    .description('check a photo and enrol a person on the named platforms')
    .requiredOption('--photo <file>', 'the picture')
    .requiredOption('--person <file>', 'the person as JSON; "-" reads standard input')
    .requiredOption('--to <ids>', 'platform ids, separated by commas', commaList)
    .requiredOption('--config <file>', 'the configuration')
    .requiredOption('--data <folder>', 'the station’s data')
    .option(
      '--wait <seconds>',
      'keep trying for so long, and look once whether each platform has the person',
      wholeNumber('--wait', 0, 86_400),
    )
    .addOption(
      new Option('--on-existing <what>', 'when the code is there').choices(['update', 'stop']).default('update'),
    )
    .addOption(
      new Option('--on-similar <what>', 'when a similar face is there')
        .choices(['ask', 'force', 'stop'])
        .default('ask'),
    )
    .option('--consent <version>', 'the version of the text the person agreed to just now')
    .option('--json', 'print one JSON object')
    .action(async (options: EnrolOptions) => {
      const [person, bytes] = [await readPerson(options.person, context.stdin), await readBytes(options.photo)];
      await withStation(context, { config: options.config, data: options.data }, async (station) => {
        const { enrolment, check } = await station
          .enrol({
            photo: { bytes },
            person,
            to: options.to,
            onExisting: options.onExisting,
            onSimilar: options.onSimilar,
            consent: options.consent === undefined ? null : { version: options.consent, at: Date.now() },
            signal,
          })
          .catch((error: unknown) => {
            if (options.json && error instanceof FaultError) out.json({ enrolment: null, error: error.fault });
            throw error;
          });
        const picture = { file: options.photo, ...checkJson(check) };
        if (!enrolment) {
          if (options.json) out.json({ enrolment: null, code: codeOf(person), check: picture, deliveries: [] });
          else out.line(checkText(options.photo, check));
          out.note('the picture was not accepted, and nothing was sent');
          context.exit(EXIT.failed);
          return;
        }
        const deliveries = await station.outbox.run({
          signal,
          enrolment: enrolment.id,
          ...(options.wait === undefined
            ? { until: 'once' as const }
            : { until: 'settled' as const, deadlineMs: options.wait * 1000, verify: true }),
        });
        if (options.json) {
          out.json({
            enrolment: enrolment.id,
            code: enrolment.code,
            check: picture,
            deliveries: deliveries.map(deliveryJson),
          });
        } else for (const delivery of deliveries) out.line(deliveryText(delivery));
        context.exit(exitCode(deliveries.map(({ state }: OutboxEntry) => state)));
      });
    });
}

function codeOf(person: unknown): string | null {
  if (typeof person !== 'object' || person === null || !('code' in person)) return null;
  return typeof person.code === 'string' ? person.code : null;
}
