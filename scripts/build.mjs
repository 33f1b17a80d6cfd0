// Builds the station when what is in `out/` is missing or stale, by content: a clone's time stamps say nothing.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { glob, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { copyEngineAssets } from './engine-assets.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, 'out', '.built');
const lockDir = join(root, 'node_modules', '.cache', 'vestibule-build.lock');
const SOURCES = [
  'src/**/*',
  'resources/**/*',
  'scripts/{engine-assets.mjs,page-build.ts}',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];

/** A digest of everything the build reads. */
async function fingerprint() {
  const hash = createHash('sha256');
  const files = [];
  for await (const entry of glob(SOURCES, { cwd: root, withFileTypes: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  }
  for (const file of files.sort())
    hash
      .update(file.slice(root.length))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  return hash.digest('hex');
}

async function built() {
  return readFile(stampFile, 'utf8').catch(() => '');
}

/** One build at a time: others wait, and a lock whose owner died is taken over. */
async function locked(work) {
  await mkdir(dirname(lockDir), { recursive: true });
  for (;;) {
    try {
      await mkdir(lockDir);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const age = Date.now() - (await stat(lockDir).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
      const owner = Number(await readFile(join(lockDir, 'pid'), 'utf8').catch(() => '0'));
      if (owner ? !alive(owner) : age > 5_000) await rm(lockDir, { recursive: true, force: true });
      else await sleep(200);
    }
  }
  try {
    await writeFile(join(lockDir, 'pid'), String(process.pid));
    return await work();
  } finally {
    await rm(lockDir, { recursive: true, force: true });
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function run(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`the build failed:\n${output}`))));
  });
}

/** Builds if needed. Nothing goes to stdout: it belongs to the command that follows. */
export async function ensureBuilt() {
  const wanted = await fingerprint();
  if ((await built()) === wanted) return;
  await locked(async () => {
    if ((await built()) === wanted) return;
    process.stderr.write('vestibule: building (first run, or the sources changed) …\n');
    await rm(stampFile, { force: true });
    await run([join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn']);
    await copyEngineAssets(root);
    await writeFile(stampFile, wanted);
  });
}

/** Builds if needed; a failed build is said on stderr and ends the process with 1. */
export async function ensureBuiltOrExit() {
  try {
    await ensureBuilt();
  } catch (error) {
    process.stderr.write(`vestibule: ${error.message}\nTry "npm ci" and run the command again.\n`);
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureBuiltOrExit();
