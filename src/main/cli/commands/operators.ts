import type { Command } from 'commander';
import { ROLES, type Role } from '#shared/operators';
import { withStation } from '../compose.ts';
import type { CommandContext } from '../context.ts';
import { readAll } from '../input.ts';
import { UsageError } from '../output.ts';

interface Common {
  data: string;
  json?: boolean;
}

/** `operators …`: who may sign in at the desk, for whoever owns the data folder. The way back when a PIN was forgotten. */
export function registerOperators(program: Command, context: CommandContext): void {
  const { out } = context;
  const operators = program
    .command('operators')
    .description('who may sign in at the desk; PINs are read from standard input');
  const sub = (name: string, description: string) =>
    operators.command(name).description(description).requiredOption('--data <folder>', 'the station’s data');

  const readPin = async (): Promise<string> => {
    const pin = (await readAll(context.stdin)).trim();
    if (pin === '') throw new UsageError('standard input is empty: pipe the PIN (4 to 12 digits) into this command');
    return pin;
  };

  sub('list', 'labels and roles')
    .option('--json', 'print one JSON object an operator')
    .action(async (options: Common) => {
      await withStation(context, options, async (station) => {
        const all = station.operators.list();
        for (const { label, role } of all) {
          if (options.json) out.json({ operator: label, role });
          else out.line(`${label.padEnd(32)} ${role}`);
        }
        if (station.operators.isLost())
          out.note(
            'a repair lost the operators: the desk is closed until "vestibule operators add" (or "clear", to open it to everybody)',
          );
        else if (all.length === 0) out.note('no operators: nobody has to sign in at the desk');
      });
    });

  sub('add <label>', 'add somebody; the first is administrator, and from then on everybody signs in')
    .option('--role <role>', ROLES.join(', '), 'operator')
    .action(async (label: string, options: Common & { role: string }) => {
      const pin = await readPin();
      const role = roleOf(options.role);
      await withStation(context, options, async (station) => {
        const made = await station.operators.add({ label, role, pin });
        out.note(`${made.label} may sign in as ${made.role}`);
      });
    });

  sub('reset <label>', 'give somebody a new PIN, when it was forgotten').action(
    async (label: string, options: Common) => {
      const pin = await readPin();
      await withStation(context, options, (station) => station.operators.setPin(label, pin));
      out.note(`the PIN of ${label} was replaced`);
    },
  );

  sub('role <label> <role>', 'change what somebody may do').action(
    async (label: string, role: string, options: Common) => {
      const next = roleOf(role);
      await withStation(context, options, async (station) => void station.operators.setRole(label, next));
      out.note(`${label} is ${next}`);
    },
  );

  sub('remove <label>', 'take somebody away; the last administrator cannot be').action(
    async (label: string, options: Common) => {
      await withStation(context, options, async (station) => station.operators.remove(label));
      out.note(`${label} may not sign in any more`);
    },
  );

  sub('clear', 'take everybody away: nobody has to sign in any more').action(async (options: Common) => {
    await withStation(context, options, async (station) => station.operators.clear());
    out.note('there are no operators any more: whoever is at the desk may do everything');
  });
}

function roleOf(text: string): Role {
  const role = ROLES.find((one) => one === text);
  if (role === undefined) throw new UsageError(`a role is one of ${ROLES.join(', ')}, not "${text}"`);
  return role;
}
