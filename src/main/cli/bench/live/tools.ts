import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from '../../../launch/surroundings.ts';
import { UsageError } from '../../output.ts';

/** The development dependencies that this benchmark drives a browser with and builds its page with. */
export async function liveTools(root: string) {
  if (!existsSync(join(root, 'src/vision/browser/bench/page.ts'))) {
    throw new UsageError('bench live runs in a checkout of the sources alone: its page is no part of the program');
  }
  const [playwright, vite] = await Promise.all([
    import('@playwright/test').catch(() => missing('@playwright/test')),
    import('vite').catch(() => missing('vite')),
  ]);
  return { chromium: playwright.chromium, build: vite.build };
}

function missing(name: string): never {
  throw new UsageError(`bench live needs ${name}, a development dependency that is not installed: run npm ci`);
}

/** The Chromium of this machine, else the one Playwright installed. UsageError where there is neither. */
export function liveChromium(env: NodeJS.ProcessEnv, installed: string): string {
  const path = findChromium(env, process.platform) ?? (existsSync(installed) ? installed : null);
  if (path) return path;
  throw new UsageError(
    env.CHROMIUM_PATH
      ? 'bench live needs a Chromium: CHROMIUM_PATH names none'
      : 'bench live needs a Chromium, and there is none on this machine: install it, set CHROMIUM_PATH, or run "npx playwright install chromium"',
  );
}
