import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { securityHeaders } from '#main/web-policy';
import { rotateKey } from '#station/index';
import type { Seen } from './support/electron/boot.ts';

const run = promisify(execFile);

/** Boots `out/main/index.js` in a process of its own and returns what it did (support/electron/boot.ts). */
async function boot(dataDir: string, ...switches: string[]): Promise<Seen> {
  if (!existsSync('out/main/index.js')) throw new Error('out/main/index.js is missing: run "npm run build" first');
  const script = join(import.meta.dirname, 'support/electron/boot.ts');
  const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent', VESTIBULE_KEY: '' };
  const { stdout } = await run(process.execPath, [script, dataDir, ...switches], { env, timeout: 30_000 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

let dataDir = '';
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vestibule-boot-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the built main process, under a stub of electron', () => {
  let seen: Seen;
  beforeAll(async () => {
    seen = await boot(dataDir, '--lab');
  }, 40_000);

  it('puts the sandbox, the scheme, the folders and the lock up before Electron is ready', () => {
    expect(seen.beforeReady).toEqual(['sandbox', 'scheme', 'path userData', 'path sessionData', 'lock']);
    expect(seen.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    ]);
    expect(seen.sessionData).toBe(join(dataDir, 'chromium'));
  });

  it('opens one window that is sandboxed and isolated, with the built preload', () => {
    const { preload, ...preferences } = seen.webPreferences;
    expect(existsSync(String(preload))).toBe(true);
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: true,
    });
    expect(seen.loaded[0]).toBe('app://station/');
  });

  it('answers the page from a real station with the lab connected', () => {
    expect(seen.info).toMatchObject({
      ok: true,
      value: {
        shell: 'electron',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        lab: expect.stringContaining('http://127.0.0.1:'),
      },
    });
    expect(seen.platforms).toEqual(expect.arrayContaining(['hcp', 'device', 'senselink', 'megvii', 'hikconnect']));
    expect(seen.unknown).toMatchObject({ ok: false, fault: { code: 'unknown-call' } });
    expect(seen.argument).toMatchObject({ ok: false, fault: { code: 'argument', field: 'bytes' } });
  });

  it('answers nobody else', () => {
    expect(seen.strangers).toEqual(['sender', 'sender', 'sender', 'sender']);
  });

  it('tells the page what changed', () => {
    expect(seen.events).toEqual([['vestibule:event', 'settings.changed', expect.objectContaining({ mirror: false })]]);
  });

  it('gives the camera to our page, and nothing else to anybody', () => {
    const { camera, cameraCheck, screen, ...others } = seen.permissions;
    expect([camera, cameraCheck]).toEqual([true, true]);
    expect(screen).toEqual({});
    for (const [what, granted] of Object.entries(others)) expect(granted, what).toBe(false);
  });

  it('serves the page under its policy, and nothing beside it', () => {
    const csp = securityHeaders()['content-security-policy'];
    expect(seen.scheme).toMatchObject({
      start: { status: 200, type: 'text/html; charset=utf-8', csp },
      engine: { status: 200, type: 'application/json; charset=utf-8', csp },
      up: { status: 404, csp },
      upInEngine: { status: 404 },
      other: { status: 404 },
      post: { status: 405 },
    });
  });

  it('lets the page load from itself alone, and go nowhere', () => {
    expect(seen.cancelled).toEqual({ own: false, web: true, local: true });
    expect(seen.prevented).toEqual({
      away: true,
      redirect: true,
      home: false,
      webview: true,
      download: true,
      export: false,
    });
    expect(seen.windowOpen).toEqual([{ action: 'deny' }, { action: 'deny' }]);
    expect(seen.opened).toEqual([]);
  });

  it('reloads a crashed page three times, then explains', () => {
    const start = 'app://station/';
    expect(seen.loaded).toEqual([start, start, start, start, 'app://station/stopped']);
  });

  it('closes the station before it goes', () => {
    expect(seen).toMatchObject({ quitAtOnce: false, hasQuit: true, exitCode: null, boxes: [] });
  });

  it('replaces its key by another under the key ring', async () => {
    expect(seen.key).toMatchObject({ keeper: 'key-ring', state: 'idle', last: { outcome: 'done', unreadable: 0 } });
    // Whatever has no key ring says where it can be done.
    await expect(rotateKey(dataDir, {}, Date.now())).rejects.toThrow(/Settings, Security/);
    // The next start opens with it; its owner has taken away the operator whom the first one added.
    const again = await boot(dataDir, '--lab', '--clear-operators');
    expect(again.info).toMatchObject({ ok: true });
    expect(again.operators).toMatchObject({ setUp: false, operators: [] });
  }, 40_000);

  it('keeps its key wrapped and its folder to itself', async () => {
    const files = await readdir(dataDir);
    expect(files).toContain('key.system.json');
    expect(files).not.toContain('key');
    expect(files).not.toContain('key.system.next.json');
    expect(JSON.parse(await readFile(join(dataDir, 'key.system.json'), 'utf8'))).toMatchObject({
      backend: 'gnome_libsecret',
    });
  });
});

describe('a station that cannot open', () => {
  it.each(['early', 'late'])(
    'says which field of the configuration is wrong, and ends with 2: a page that asks %s',
    async (asks) => {
      const config = join(dataDir, 'wrong.json');
      await writeFile(config, '{"platforms":{"x":{"kind":"nothing"}}}');
      vi.stubEnv('VESTIBULE_BOOT_ASKS', asks);
      const seen = await boot(join(dataDir, `other-${asks}`), '--config', config);
      expect(seen.exitCode).toBe(2);
      expect(String(seen.boxes)).toContain('platforms.x.kind');
    },
    40_000,
  );

  it('says which switch lacks its value, and opens nothing', async () => {
    const seen = await boot(join(dataDir, 'third'), '--config');
    expect(seen.exitCode).toBe(2);
    expect(seen.loaded).toBeUndefined();
    expect(String(seen.boxes)).toContain('--config wants a file');
  }, 40_000);
});
