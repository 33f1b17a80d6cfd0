import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { type DeskOptions, openDesk } from '../desk.ts';
import { wholeNumber } from '../input.ts';
import { UsageError } from '../output.ts';
import { untilAborted } from '../signals.ts';

/** `serve`: the station in a browser on this machine, until interrupted. */
export function registerServe(program: Command, context: CommandContext): void {
  const { out, signal, stdin } = context;
  program
    .command('serve')
    .description('the station for a browser on this machine; prints its one-time address')
    .option('--port <n>', 'port on 127.0.0.1', wholeNumber('--port', 0, 65_535))
    .option('--lab', 'with the simulated platforms')
    .option('--https', 'with --lab: its platforms speak TLS with a self-signed certificate, which the station pins')
    .option('--devices <n>', 'with --lab: how many terminals', wholeNumber('--devices', 1, 16))
    .option('--config <file>', 'the configuration')
    .option('--data <folder>', 'the station’s data')
    .option('--kiosk', 'it opens for visitors; staff take it back with their PIN')
    .option('--json', 'print one JSON object')
    .action(async (options: Omit<DeskOptions, 'lab'> & { lab?: boolean; json?: boolean }) => {
      if (!options.lab && (options.https || options.devices !== undefined))
        throw new UsageError('--https and --devices are about the simulated platforms: they need --lab');
      const desk = await openDesk(context, { ...options, lab: options.lab ?? false });
      try {
        const { served, lab } = desk;
        if (options.json) out.json({ url: served.url, lab: lab?.url ?? null });
        else {
          out.line(served.url);
          if (lab) out.note(`lab: ${lab.url}`);
          out.note('The address works once. Ctrl-C ends the station.');
        }
        if (stdin.isTTY) offerFreshAddresses(stdin, () => out.line(served.freshUrl()), signal);
        await untilAborted(signal);
      } finally {
        await desk.close();
      }
    });
}

/** On a terminal, Enter prints another one-time address, for a second window or a lost session. */
function offerFreshAddresses(stdin: NodeJS.ReadStream, print: () => void, signal: AbortSignal): void {
  const lines = createInterface({ input: stdin });
  lines.on('line', print);
  signal.addEventListener('abort', () => lines.close(), { once: true });
}
