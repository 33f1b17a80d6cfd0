import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { chromiumArguments, type Plan, planLaunch, SHELLS, type Shell } from '../../launch/plan.ts';
import { lookAround } from '../../launch/surroundings.ts';
import { programRoot } from '../../root.ts';
import type { CommandContext } from '../context.ts';
import { openDesk } from '../desk.ts';
import { wholeNumber } from '../input.ts';
import { untilAborted } from '../signals.ts';

interface StartOptions {
  shell?: Shell;
  port?: number;
  lab?: boolean;
  config?: string;
  data?: string;
  clearOperators?: boolean;
  kiosk?: boolean;
}

/** `start`: what `npm start` runs. Opens the station in the best shell there is and says which, and why. */
export function registerStart(program: Command, context: CommandContext): void {
  const { out } = context;
  program
    .command('start')
    .description('open the station: Electron, else Chromium, else an address')
    .addOption(new Option('--shell <name>', 'open in this shell').choices(SHELLS))
    .option('--port <n>', 'port of the loopback host', wholeNumber('--port', 0, 65_535))
    .option('--lab', 'with the simulated platforms (the default without --config)')
    .option('--config <file>', 'the configuration')
    .option('--data <folder>', 'the station’s data')
    .option('--clear-operators', 'take every operator away: nobody has to sign in any more')
    .option('--kiosk', 'full screen and for visitors; staff take it back with their PIN')
    .action(async (options: StartOptions) => {
      const plan = planLaunch(lookAround(options.shell ?? null, out.note));
      out.note(`${WORDS[plan.shell]}: ${plan.why}.`);
      const desk = { ...options, lab: options.lab ?? options.config === undefined };
      if (plan.shell === 'electron') await openElectron(context, plan, desk);
      else await openLoopback(context, plan, desk);
    });
}

const WORDS: Record<Shell, string> = {
  electron: 'Opening in Electron',
  chromium: 'Opening in Chromium, on the loopback host',
  address: 'No window is opened',
};

/** Runs Electron on this program and ends when it ends. The lab and the configuration are its own to open. */
async function openElectron(
  context: CommandContext,
  plan: Extract<Plan, { shell: 'electron' }>,
  { lab, config, data, clearOperators, kiosk }: StartOptions,
): Promise<void> {
  const args = [
    programRoot(import.meta.dirname),
    ...(lab ? ['--lab'] : []),
    ...(config ? [`--config=${config}`] : []),
    ...(data ? [`--data=${data}`] : []),
    ...(clearOperators ? ['--clear-operators'] : []),
    ...(kiosk ? ['--kiosk'] : []),
  ];
  const child = spawn(plan.binary, args, { stdio: 'inherit' });
  context.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  context.exit(await ended(child));
}

async function openLoopback(
  context: CommandContext,
  plan: Exclude<Plan, { shell: 'electron' }>,
  options: StartOptions & { lab: boolean },
): Promise<void> {
  const { out, signal } = context;
  const desk = await openDesk(context, options);
  try {
    if (desk.lab) out.note(`The simulated platforms: ${desk.lab.url}`);
    if (plan.shell === 'address') {
      out.note('Open this address in a browser of this machine; it works once. Ctrl-C ends the station.');
      out.line(desk.served.url);
      await untilAborted(signal);
      return;
    }
    const profile = join(desk.dataDir, 'chromium');
    const root = process.getuid?.() === 0;
    const child = spawn(
      plan.binary,
      chromiumArguments(desk.served.url, profile, { root, kiosk: options.kiosk ?? false }),
      { stdio: 'ignore' },
    );
    signal.addEventListener('abort', () => child.kill(), { once: true });
    // Its end is awaited either way: until then it writes to its profile, which may be in a folder that is about to go.
    await ended(child);
  } finally {
    await desk.close();
  }
}

/** The exit code of a child; a shell that could not be started at all is an error with its name. */
function ended(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
