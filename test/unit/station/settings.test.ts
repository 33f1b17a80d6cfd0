import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '#shared/contract';
import { defaultSettings, settingsFile } from '#station/index';
import { repairSettings } from '../../../src/station/settings.ts';
import { temporaryDir } from './support/station.ts';

let dir: ReturnType<typeof temporaryDir>;
beforeEach(() => {
  dir = temporaryDir();
});
afterEach(() => dir.remove());

describe('settings', () => {
  it('are the defaults until somebody changes them, and then stay', () => {
    const settings = settingsFile(dir.path);
    expect(settings.get()).toEqual(DEFAULT_SETTINGS);
    expect(settings.set({ preset: 'strict', cameraId: 'front' })).toMatchObject({ preset: 'strict', mirror: true });
    expect(settingsFile(dir.path).get()).toEqual({ ...DEFAULT_SETTINGS, preset: 'strict', cameraId: 'front' });
  });
  it('tell their listeners, until these stop listening', () => {
    const settings = defaultSettings();
    const heard: string[] = [];
    const stop = settings.onChange(({ preset }) => heard.push(preset));
    settings.set({ preset: 'lenient' });
    stop();
    settings.set({ preset: 'strict' });
    expect(heard).toEqual(['lenient']);
  });
  it.each(['{"preset":', '', '[]', '"standard"'])(
    'of a damaged file (%j) are defaults, and the file is kept',
    (text) => {
      writeFileSync(join(dir.path, 'settings.json'), text);
      const settings = settingsFile(dir.path);
      expect(settings.get()).toEqual(DEFAULT_SETTINGS);
      const aside = readdirSync(dir.path).find((name) => name.startsWith('settings.json.damaged-'));
      expect(readFileSync(join(dir.path, aside ?? ''), 'utf8')).toBe(text);
      settings.set({ preset: 'strict' });
      expect(settingsFile(dir.path).get().preset).toBe('strict');
    },
  );
  it('keep what is right of a file that is partly wrong', () => {
    expect(repairSettings({ preset: 'harsh', mirror: false, cameraId: 7, unknown: 1 })).toEqual({
      ...DEFAULT_SETTINGS,
      mirror: false,
    });
    expect(repairSettings(null)).toEqual(DEFAULT_SETTINGS);
  });
  it('damaged while the station runs are defaults, not a crash', () => {
    const settings = settingsFile(dir.path);
    writeFileSync(join(dir.path, 'settings.json'), '{{{');
    expect(settings.get()).toEqual(DEFAULT_SETTINGS);
  });
});
