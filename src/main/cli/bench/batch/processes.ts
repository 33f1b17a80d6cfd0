import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

/** What the kernel tells of a process: memory in bytes, CPU time of all its threads in milliseconds. */
interface ProcessFigures {
  rss: number;
  cpuMs: number;
}

/** Linux counts CPU time in hundredths of a second here, whatever its own clock (`USER_HZ`, proc(5)). */
const TICK_MS = 10;

/** Resident memory and CPU time of a process; null where the system tells neither (no /proc), or it has ended. */
async function figuresOf(pid: number): Promise<ProcessFigures | null> {
  try {
    const [status, stat] = await Promise.all(
      ['status', 'stat'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
    );
    const rss = Number(/VmRSS:\s+(\d+)/.exec(status ?? '')?.[1]) * 1024;
    // The program's name, in brackets, may hold spaces.
    const fields = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ');
    const cpuMs = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    return Number.isNaN(rss) || Number.isNaN(cpuMs) ? null : { rss, cpuMs };
  } catch {
    return null;
  }
}

export interface Sample {
  /** Milliseconds since the first. */
  at: number;
  /** Of all processes together, bytes. */
  rss: number;
  /** Of each, in the order they were named. */
  each: number[];
}

/** Samples the memory of processes until it is stopped. */
export function watchMemory(pids: readonly number[], everyMs = 250) {
  const samples: Sample[] = [];
  const cpuMs = pids.map(() => 0);
  const from = performance.now();
  let running = true;
  let timer: NodeJS.Timeout;
  const look = async (): Promise<void> => {
    const found = await Promise.all(pids.map(figuresOf));
    const each = found.map((one, n) => {
      cpuMs[n] = one?.cpuMs ?? cpuMs[n] ?? 0;
      return one?.rss ?? 0;
    });
    if (each.every((rss) => rss > 0))
      samples.push({ at: performance.now() - from, rss: each.reduce((sum, rss) => sum + rss, 0), each });
    if (running) timer = setTimeout(() => void look(), everyMs);
  };
  timer = setTimeout(() => void look(), everyMs);
  return {
    samples: samples as readonly Sample[],
    stop(): { samples: Sample[]; cpuMs: number[] } {
      running = false;
      clearTimeout(timer);
      return { samples, cpuMs };
    },
  };
}

export interface Spawned {
  child: ChildProcess;
  pid: number;
  /** What it wrote to stdout; of stderr the end. */
  out(): string;
  err(): string;
  ended: Promise<number | null>;
}

/** Starts a Node program. @throws Error when it cannot be started */
export async function startProgram(
  args: readonly string[],
  { env, signal }: { env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<Spawned> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'], signal });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => {
    out += String(text);
  });
  child.stderr.on('data', (text) => {
    err = (err + String(text)).slice(-4_000);
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  ended.catch(() => {});
  await once(child, 'spawn');
  if (child.pid === undefined) throw new Error('the process has no id');
  return { child, pid: child.pid, out: () => out, err: () => err, ended };
}
