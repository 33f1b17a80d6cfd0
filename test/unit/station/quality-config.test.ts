import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Inspection } from '#shared/measures';
import { assess } from '#station/check';
import { readConfigFile } from '#station/config';
import { createInspectorPool } from '#vision/node/pool';
import { ASSETS, portrait, WORKER_URL } from '../vision/support/pictures.ts';

describe('criteria of a configuration file', { timeout: 60_000 }, () => {
  let folder: string;
  let look: Inspection;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vestibule-quality-'));
    const pool = createInspectorPool({ workers: 1, workerUrl: WORKER_URL, assets: ASSETS });
    look = await pool.inspect({ bytes: await portrait() });
    await pool.close();
    return () => rm(folder, { recursive: true });
  }, 60_000);

  const reasons = async (quality: unknown): Promise<string[]> => {
    const file = join(folder, 'config.json');
    await writeFile(file, JSON.stringify({ platforms: {}, quality }));
    const config = await readConfigFile(file, {});
    return assess(look, { config, preset: () => 'standard' }).reasons.map(({ measure }) => measure);
  };

  it('override the preset measure by measure, on old and new measures', async () => {
    expect(await reasons(undefined)).toEqual([]);
    expect(await reasons({ interEyeDistance: { min: 5000 } })).toEqual(['interEyeDistance']);
    expect(await reasons({ marginAbove: { min: 50 }, backgroundUniformity: { min: 1.1 } })).toEqual([
      'marginAbove',
      'backgroundUniformity',
    ]);
    expect(await reasons({ preset: 'lenient', resolution: { min: 65 } })).toEqual(['resolution']);
    expect(await reasons({ interEyeDistance: {} })).toEqual([]);
  });

  it('name what nobody measures', async () => {
    await expect(reasons({ beauty: { min: 1 } })).rejects.toThrow(/beauty/);
  });
});
