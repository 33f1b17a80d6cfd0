import { Command, CommanderError } from 'commander';
import { VERSION } from '../version.ts';
import { registerAudit } from './commands/audit.ts';
import { registerBench } from './commands/bench.ts';
import { registerCheck } from './commands/check.ts';
import { registerDiagnostics } from './commands/diagnostics.ts';
import { registerEnrol } from './commands/enrol.ts';
import { registerImport } from './commands/import.ts';
import { registerLab } from './commands/lab.ts';
import { registerOperators } from './commands/operators.ts';
import { registerOutbox } from './commands/outbox.ts';
import { registerPeople } from './commands/people.ts';
import { registerPlatforms } from './commands/platforms.ts';
import { registerServe } from './commands/serve.ts';
import { registerStart } from './commands/start.ts';
import { registerVault } from './commands/vault.ts';
import type { CommandContext } from './context.ts';
import { UsageError } from './output.ts';

/** The command line of interfaces.md. Each command registers itself; none decides what the station decides. */
export function createProgram(context: CommandContext): Program {
  const program = new Command('vestibule')
    .description('Face-enrolment station: one good picture, enrolled on every access-control platform, with proof.')
    .version(VERSION)
    // A command's options reach it in the order they were written, so that `bench memory` may have some of the same name as `bench`.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => context.out.line(text.trimEnd()),
      writeErr: () => {},
    })
    .exitOverride();
  const commands = [
    registerCheck,
    registerEnrol,
    registerImport,
    registerOutbox,
    registerPeople,
    registerAudit,
    registerDiagnostics,
    registerVault,
    registerOperators,
    registerPlatforms,
    registerLab,
    registerServe,
    registerStart,
    registerBench,
  ];
  for (const register of commands) register(program, context);
  return {
    async parseAsync(argv, options) {
      try {
        await program.parseAsync(argv, options);
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        // Help and version were asked for and are on stdout already.
        if (error.exitCode === 0) return;
        throw new UsageError(`${error.message.replace(/^error: /, '')}\nTry "vestibule help".`);
      }
    },
  };
}

export interface Program {
  parseAsync(argv: string[], options: { from: 'user' }): Promise<void>;
}
