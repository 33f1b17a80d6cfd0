// Finds a Chromium for the browser tests, and installs one where that can be done without asking anybody.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

async function found() {
  const own = process.env.CHROMIUM_PATH;
  if (own) return existsSync(own) ? own : null;
  const system = PLACES.find(existsSync);
  if (system) return system;
  const { chromium } = await import('@playwright/test');
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : null;
}

function run(command, args) {
  process.stderr.write(`chromium: ${command} ${args.join(' ')}\n`);
  return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], timeout: 600_000 }).status === 0;
}

/** Path of a Chromium; installs Debian's as root, else Playwright's own. Null, with one sentence on what to do, where neither works. */
export async function ensureChromium() {
  const here = await found();
  if (here) return here;
  const root = process.getuid?.() === 0;
  if (root && existsSync('/usr/bin/apt-get')) {
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk']);
  }
  if (!(await found())) run(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium']);
  const now = await found();
  if (!now)
    process.stderr.write(
      'chromium: none found and none could be installed; install Chromium or set CHROMIUM_PATH, then run the command again.\n',
    );
  return now;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = (await ensureChromium()) ? 0 : 1;
