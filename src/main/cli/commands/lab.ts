import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import sharp from 'sharp';
import { startLab } from '#lab/index';
import type { CommandContext } from '../context.ts';
import { wholeNumber } from '../input.ts';
import { UsageError } from '../output.ts';
import { untilAborted } from '../signals.ts';
import { registerLabOrders } from './lab-orders.ts';

interface LabOptions {
  port?: number;
  configOut?: string;
  https?: boolean;
  devices?: number;
  json?: boolean;
}

/** `lab`: the five simulated platforms on loopback, until interrupted; below it the orders to one that runs. */
export function registerLab(program: Command, context: CommandContext): void {
  const { out, signal } = context;
  const command = program
    .command('lab')
    .description('run the five simulated platforms on this machine, with a page that shows who is enrolled where')
    .option('--port <n>', 'port of the page; the platforms take the next ones', wholeNumber('--port', 0, 65_500))
    .option('--config-out <file>', 'write the configuration that reaches them')
    .option('--https', 'platforms speak TLS with a self-signed certificate, which the configuration pins')
    .option('--devices <n>', 'how many terminals: device, device-2 …', wholeNumber('--devices', 1, 16))
    .option('--json', 'print one JSON object')
    .action(async (options: LabOptions) => {
      // Pictures are looked at one by one, and small: libvips' cache and threads would cost more memory than they save time.
      sharp.cache(false);
      sharp.concurrency(1);
      const lab = await startLab({
        port: options.port ?? 0,
        https: options.https ?? false,
        devices: options.devices ?? 1,
      });
      try {
        if (options.configOut) await writeConfig(options.configOut, lab.config);
        const platforms = Object.fromEntries([...lab.platforms].map(([id, { url }]) => [id, url]));
        if (options.json) out.json({ url: lab.url, platforms, config: options.configOut ?? null });
        else {
          out.line(`lab: ${lab.url}`);
          for (const [id, url] of Object.entries(platforms)) out.line(`  ${id.padEnd(12)} ${url}`);
          if (options.configOut) out.note(`configuration written to ${options.configOut}`);
          out.note('Ctrl-C ends it; nothing it holds is kept.');
        }
        await untilAborted(signal);
      } finally {
        await lab.close();
      }
    });
  registerLabOrders(command, context);
}

async function writeConfig(file: string, config: unknown): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${error instanceof Error ? error.message : error}`);
  }
}
