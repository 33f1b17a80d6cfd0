import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import sharp from 'sharp';
import type { Inspection } from '../../src/shared/measures.ts';
import { createInspectorPool } from '../../src/vision/node/pool.ts';
import { startStation } from './harness.ts';

/** How far a measure may differ between the two: the browser's tracker follows the face it knows, Node looks at it twice. */
const TOLERANCE: Record<string, number> = { yaw: 1.5, pitch: 1.5, roll: 0.7, interEyeDistance: 1.5, resolution: 2 };
const SHARE = 0.04;

/** One look is what the page's worker and the station's thread say of the same pixels. */
test('the browser’s worker and the station’s thread measure the same picture alike', async ({ page }) => {
  const demo = join(dirname(createRequire(import.meta.url).resolve('face-api.js/package.json')), 'demo');
  const png = await sharp(join(demo, 'sample6.jpg'))
    .extract({ left: 136, top: 360, width: 444, height: 533 })
    .resize(480, 576)
    .png()
    .toBuffer();
  const station = await startStation();
  const root = resolve('out');
  const pool = createInspectorPool({
    workers: 1,
    workerUrl: pathToFileURL(join(root, 'main', 'vision-worker.js')),
    assets: join(root, 'engine'),
  });
  try {
    const worker = (await readdir(join(root, 'renderer', 'assets'))).find((name) => name.startsWith('live.worker'));
    await page.goto(station.url);
    const seen: Inspection = await page.evaluate(
      async ({ base64, script }) => {
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }), {
          colorSpaceConversion: 'none',
        });
        const live = new Worker(script, { type: 'module' });
        try {
          return await new Promise<Inspection>((resolve, reject) => {
            live.addEventListener('message', ({ data }) => {
              if (data.type === 'ready') live.postMessage({ type: 'look', id: 1, frame: bitmap }, [bitmap]);
              else if (data.type === 'done') resolve(data.inspection);
              else reject(new Error(data.message));
            });
            live.addEventListener('error', ({ message }) => reject(new Error(message)));
            live.postMessage({ type: 'start', assetsUrl: new URL('/engine/', location.href).href });
          });
        } finally {
          live.terminate();
        }
      },
      { base64: png.toString('base64'), script: `/assets/${worker}` },
    );
    const told = await pool.inspect({ bytes: png });
    expect(seen.faces).toHaveLength(1);
    expect(told.faces).toHaveLength(1);
    for (const [name, value] of Object.entries(told.measures)) {
      const other = seen.measures[name as keyof typeof seen.measures];
      if (value === null) expect(other, name).toBeNull();
      else expect(Math.abs((other ?? Number.NaN) - value), name).toBeLessThanOrEqual(TOLERANCE[name] ?? SHARE);
    }
  } finally {
    await pool.close();
    await station.stop();
  }
});
