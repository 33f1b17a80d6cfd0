import { Argument, type Command, Option } from 'commander';
import {
  type EnrolledPerson,
  type FaultOrder,
  faultModes,
  PASS_METHODS,
  type RemoteLab,
  RemoteLabError,
  type RemotePass,
  remoteLab,
  type StandingFault,
} from '#lab/remote';
import type { CommandContext } from '../context.ts';
import { wholeNumber } from '../input.ts';
import { type Output, UsageError } from '../output.ts';

interface Where {
  lab?: string;
  port?: number;
  json?: boolean;
}

interface PassOptions extends Where {
  method?: NonNullable<RemotePass['method']>;
  at?: number;
  refused?: boolean;
}

interface FaultOptions extends Where {
  clear?: boolean;
  path?: string;
  times?: number;
  ms?: number;
  status?: number;
  body?: string;
}

/**
 * `lab fault`, `lab people`, `lab pass` and `lab reset`: orders to a lab that runs on this machine. `lab` has a `--port` and a `--json` of its own, which
 * commander gives to `lab` wherever they stand: hence `optsWithGlobals`.
 */
export function registerLabOrders(lab: Command, { out }: CommandContext): void {
  const order = (name: string, description: string) =>
    lab
      .command(name)
      .description(description)
      .option('--lab <url>', 'address of the running lab’s page')
      .option('--port <n>', 'its port on this machine', wholeNumber('--port', 1, 65_535))
      .option('--json', 'print JSON, one object a line');

  order('fault', 'order a fault of a running lab, or list and end those that stand')
    .argument('[platform]', 'its id in the lab, as hcp or device-2')
    .addArgument(new Argument('[mode]', 'what goes wrong').choices(faultModes))
    .option('--path <part>', 'only requests whose path contains this; a $ at its end: ends with this')
    .option('--times <n>', 'for so many requests; without it until cleared', wholeNumber('--times', 1, 1_000_000))
    .option('--ms <n>', 'slow: the delay; clock: by how much it is ahead', wholeNumber('--ms', -1e12, 1e12))
    .option('--status <n>', 'HTTP status of status, html, garbage, wrong-answer', wholeNumber('--status', 200, 599))
    .option('--body <json>', 'what wrong-answer answers')
    .option('--clear', 'end every fault, or those of the platform, or that one fault of it')
    .action((platform: string | undefined, mode: FaultOrder['mode'] | undefined, _own: unknown, command: Command) =>
      toldPlainly(async () => {
        const options = command.optsWithGlobals<FaultOptions>();
        const running = connect(options);
        tellFaults(out, options, await changeFaults(running, platform, mode, options));
      }),
    );

  order('people', 'who is enrolled on the platforms of a running lab').action((_own: unknown, command: Command) =>
    toldPlainly(async () => {
      const options = command.optsWithGlobals<Where>();
      tellPeople(out, options, await connect(options).people());
    }),
  );

  order('pass', 'somebody passes a door of a running lab: kept as a record, and pushed where the platform pushes')
    .argument('<platform>', 'its id in the lab, as megvii or device-2')
    .argument('[key]', 'the code of the person, as `lab people` shows it; without it a stranger')
    .addOption(new Option('--method <how>', 'by what they are recognised').choices(PASS_METHODS))
    .option('--at <time>', 'when it was, ISO 8601 with an offset; without it now', instant)
    .option('--refused', 'recognised, but the door stays shut (megvii, hikconnect)')
    .action((platform: string, key: string | undefined, _own: unknown, command: Command) =>
      toldPlainly(async () => {
        const { method, at, refused, ...where } = command.optsWithGlobals<PassOptions>();
        const details = Object.entries({ key, method, at, refused }).filter(([, value]) => value !== undefined);
        const pass: RemotePass = { platform, ...Object.fromEntries(details) };
        await connect(where).pass(pass);
        if (where.json) out.json(pass);
        else out.note(`${key ?? 'a stranger'} passed ${platform}${refused ? ' and was refused' : ''}`);
      }),
    );

  order('reset', 'make a running lab forget everybody, every fault and every request').action(
    (_own: unknown, command: Command) =>
      toldPlainly(async () => {
        const options = command.optsWithGlobals<Where>();
        await connect(options).reset();
        if (options.json) out.json({ reset: true });
        else out.note('the lab has forgotten everybody, every fault and every request');
      }),
  );
}

function instant(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at) || at < 0 || !/([+-]\d{2}:?\d{2}|Z)$/i.test(text))
    throw new UsageError(`--at takes a time such as 2026-11-23T08:41:00+08:00, not "${text}"`);
  return at;
}

function connect({ lab, port }: Where): RemoteLab {
  if ((lab === undefined) === (port === undefined))
    throw new UsageError('say where the lab runs: --lab URL or --port N');
  return remoteLab(lab ?? `http://127.0.0.1:${port}`);
}

async function changeFaults(
  running: RemoteLab,
  platform: string | undefined,
  mode: FaultOrder['mode'] | undefined,
  { clear, path, times, ms, status, body }: FaultOptions,
): Promise<StandingFault[]> {
  const details = Object.entries({ path, times, ms, status, body }).filter(([, value]) => value !== undefined);
  if (clear) {
    if (details.length > 0) throw new UsageError('--clear takes a platform and a fault, and no more');
    return running.clearFaults({ ...(platform !== undefined && { platform }), ...(mode !== undefined && { mode }) });
  }
  if (platform === undefined) {
    if (details.length > 0) throw new UsageError('name the platform and the fault');
    return running.faults();
  }
  if (mode === undefined) throw new UsageError(`name the fault; there are ${faultModes.join(', ')}`);
  const fields = Object.fromEntries(details);
  return running.order({ platform, mode, ...fields, ...(body === undefined ? {} : { body: parsed(body) }) });
}

function parsed(body: string): FaultOrder['body'] {
  try {
    return JSON.parse(body);
  } catch {
    throw new UsageError('--body takes JSON');
  }
}

function tellFaults(out: Output, { json }: Where, faults: StandingFault[]): void {
  for (const fault of faults) {
    if (json) {
      out.json(fault);
      continue;
    }
    const { platform, mode, path, ms, status, left } = fault;
    const details = [path, ms === undefined ? null : `${ms} ms`, status, left === null ? 'until cleared' : `×${left}`];
    out.line(`${platform.padEnd(12)} ${mode.padEnd(14)} ${details.filter((part) => part != null).join('  ')}`);
  }
  if (faults.length === 0 && !json) out.note('no fault stands');
}

function tellPeople(out: Output, { json }: Where, people: Record<string, EnrolledPerson[]>): void {
  const all = Object.entries(people).flatMap(([platform, list]) => list.map((person) => ({ platform, ...person })));
  for (const person of all) {
    if (json) {
      out.json(person);
      continue;
    }
    const { platform, key, name, kind, photoBytes, access } = person;
    const photo = photoBytes > 0 ? `photo ${photoBytes} bytes` : 'no photo';
    out.line(
      `${platform.padEnd(12)} ${key.padEnd(16)} ${name}  ${kind}  ${photo}  ${access.join(', ') || 'no access'}`,
    );
  }
  if (all.length === 0 && !json) out.note('nobody is enrolled in this lab');
}

/** A wrong address and a refused order are the command line's matter, with its exit code. */
async function toldPlainly(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof RemoteLabError) throw new UsageError(error.message);
    throw error;
  }
}
