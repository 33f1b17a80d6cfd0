import type { Command } from 'commander';
import { rotateKey } from '#station/index';
import { withStation } from '../compose.ts';
import type { CommandContext } from '../context.ts';
import { readAll } from '../input.ts';
import { UsageError } from '../output.ts';

interface Common {
  data: string;
  config?: string;
  json?: boolean;
}

/** `vault status|set|clear`, `key rotate`, `pin clear`: secrets go in here and never come out. */
export function registerVault(program: Command, context: CommandContext): void {
  const { out } = context;
  const vault = program
    .command('vault')
    .description('credentials of platforms whose configuration says {"vault":true}');
  const sub = (name: string, description: string) =>
    vault
      .command(name)
      .description(description)
      .requiredOption('--data <folder>', 'the station’s data')
      .option('--config <file>', 'the configuration; without it the one that was used last');

  sub('status', 'which secrets are set, and from where')
    .option('--json', 'print one JSON object a secret')
    .action(async (options: Common) => {
      await withStation(context, options, async ({ secrets }) => {
        for (const one of secrets.status()) {
          if (options.json) out.json(one);
          else
            out.line(
              `${one.platform.padEnd(14)} ${one.field.padEnd(12)} ${one.set ? 'set' : 'missing'} (${ORIGINS[one.origin]})`,
            );
        }
      });
    });

  sub('set <platform> <field>', 'keep a secret, read from standard input').action(
    async (platform: string, field: string, options: Common) => {
      const value = (await readAll(context.stdin)).replace(/\r?\n$/, '');
      if (value === '') throw new UsageError('standard input is empty: pipe the secret into this command');
      await withStation(context, options, async ({ secrets }) => secrets.set(platform, field, value));
      out.note(`${field} of ${platform} is set`);
    },
  );

  sub('clear <platform> <field>', 'forget a secret').action(
    async (platform: string, field: string, options: Common) => {
      await withStation(context, options, async ({ secrets }) => secrets.clear(platform, field));
      out.note(`${field} of ${platform} is cleared`);
    },
  );

  program
    .command('key')
    .description('the key everything is sealed with')
    .command('rotate')
    .description('make a new key and seal everything with it; safe to run again when it was interrupted')
    .requiredOption('--data <folder>', 'the station’s data')
    .option('--json', 'print one JSON object')
    .action(async (options: Common) => {
      const report = await rotateKey(options.data, context.env, Date.now());
      if (options.json) out.json(report);
      else out.line(`sealed anew: ${report.records} records, ${report.photos} photos`);
      if (report.unreadable > 0)
        out.note(`${report.unreadable} photos could not be opened with any key and were left as they are`);
      if (report.key === 'environment')
        out.note('give the new key in VESTIBULE_KEY from now on, and drop VESTIBULE_NEW_KEY');
      if (report.copies > 0) out.note(`${report.copies} older copies of the journal, under the old key, are deleted`);
      out.note('copies kept elsewhere stay under the old key: keep it with them, or delete them');
    });

  program
    .command('pin')
    .description('the PIN a supervisor gives at the desk to force something')
    .command('clear')
    .description('take the PIN away, when it was forgotten')
    .requiredOption('--data <folder>', 'the station’s data')
    .action(async (options: Common) => {
      await withStation(context, options, async ({ pin }) => pin.clear());
      out.note('there is no PIN any more');
    });
}

const ORIGINS = {
  config: 'written in the configuration',
  env: 'from the environment',
  vault: 'from the vault',
  none: 'not in the configuration',
};
