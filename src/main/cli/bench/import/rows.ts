import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT } from '../../output.ts';

/** A dry run of a table without photos, by the real command in a process of its own. */
export interface RowsBench {
  rows: number;
  /** Milliseconds from the start of the process to its end. */
  ms: number;
  /** The most memory the process ever held, bytes. */
  peakRss: number;
}

const MARK = 'peak-rss:';
/**
 * Told by the process as it ends. On Linux `ru_maxrss` begins with what the parent held when it forked (getrusage(2) counts over exec), the
 * kernel's own high-water mark does not.
 */
const TELL = `
import { readFileSync } from 'node:fs';
process.on('exit', () => {
  let kilobytes = process.resourceUsage().maxRSS;
  try { kilobytes = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? kilobytes); } catch {}
  process.stderr.write('\\n${MARK}' + kilobytes * 1024 + '\\n');
});`;

/** A table with as many people as asked for, four columns, one in a thousand without a phone. Bytes written in pieces. */
async function writeTable(path: string, rows: number): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.write('code,name,phone,department,valid to\n');
    for (let from = 0; from < rows; from += 10_000) {
      const lines = Array.from({ length: Math.min(10_000, rows - from) }, (_, k) => {
        const n = from + k;
        const phone = n % 1_000 === 0 ? '' : `+60 12-${String(n).padStart(7, '0')}`;
        return `TP${String(n).padStart(6, '0')},Person ${n} 张伟,${phone},"Faculty of Computing, Engineering",2027-07-31\n`;
      });
      await file.write(lines.join(''));
    }
  } finally {
    await file.close();
  }
}

/** Checks a table of so many rows. @throws Error with the end of what the command said when it fails */
export async function benchRows(
  rows: number,
  { cli, folder, config, to, env, signal }: RowsOptions,
): Promise<RowsBench> {
  const table = join(folder, `rows-${rows}.csv`);
  const preload = join(folder, 'tell.mjs');
  await writeTable(table, rows);
  await writeFile(preload, TELL);
  const data = join(folder, `rows-${rows}`);
  const from = performance.now();
  const what = ['import', table, '--to', to.join(','), '--config', config, '--data', data, '--dry-run'];
  const child = spawn(process.execPath, ['--import', preload, cli, ...what], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  let told = '';
  child.stderr.on('data', (text) => {
    told = (told + String(text)).slice(-2_000);
  });
  const [code] = await once(child, 'exit');
  const ms = performance.now() - from;
  const peak = new RegExp(`${MARK}(\\d+)`).exec(told)?.[1];
  // Some rows lack a field that platforms need: 1.
  if ((code !== EXIT.good && code !== EXIT.failed) || peak === undefined)
    throw new Error(`the dry run of ${rows} rows ended with ${code}: ${told.trim()}`);
  for (const path of [table, data]) await rm(path, { recursive: true, force: true });
  return { rows, ms, peakRss: Number(peak) };
}

export interface RowsOptions {
  /** The built command line. */
  cli: string;
  /** For the tables and data. */
  folder: string;
  config: string;
  to: readonly string[];
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}
