import { describe, expect, it } from 'vitest';
import { chromiumArguments, planLaunch, type Surroundings } from '#main/launch/plan';
import { findChromium, hasDisplay } from '#main/launch/surroundings';

const machine: Surroundings = { display: true, electron: { path: '/e' }, chromium: '/c', asked: null };
const noElectron = { missing: 'its binary could not be fetched' };

describe('planLaunch', () => {
  it('opens Electron where its binary is', () => {
    expect(planLaunch(machine)).toMatchObject({ shell: 'electron', binary: '/e' });
  });

  it('falls back to Chromium and says why', () => {
    const plan = planLaunch({ ...machine, electron: noElectron });
    expect(plan).toMatchObject({ shell: 'chromium', binary: '/c' });
    expect(plan.why).toContain('could not be fetched');
  });

  it('prints the address without a display, whatever was asked', () => {
    for (const asked of [null, 'electron', 'chromium'] as const) {
      expect(planLaunch({ ...machine, display: false, asked })).toMatchObject({ shell: 'address' });
    }
  });

  it('prints the address where neither browser is, naming both', () => {
    const plan = planLaunch({ ...machine, electron: noElectron, chromium: null });
    expect(plan.shell).toBe('address');
    expect(plan.why).toMatch(/Chromium.*Electron/);
  });

  it('does as asked where that is possible', () => {
    expect(planLaunch({ ...machine, asked: 'chromium' }).shell).toBe('chromium');
    expect(planLaunch({ ...machine, asked: 'address' }).shell).toBe('address');
    expect(planLaunch({ ...machine, asked: 'electron', electron: noElectron }).shell).toBe('chromium');
  });
});

describe('the surroundings', () => {
  it('knows a display by the session', () => {
    expect(hasDisplay({}, 'linux')).toBe(false);
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(hasDisplay({}, 'darwin')).toBe(true);
  });

  it('takes CHROMIUM_PATH at its word, or nothing', () => {
    expect(findChromium({ CHROMIUM_PATH: process.execPath }, 'linux')).toBe(process.execPath);
    expect(findChromium({ CHROMIUM_PATH: '/nowhere/chromium' }, 'linux')).toBeNull();
    expect(findChromium({ PATH: '' }, 'linux')).toBeNull();
  });

  it('drops the sandbox for root alone', () => {
    expect(chromiumArguments('http://127.0.0.1:1/', '/p', { root: false, kiosk: false })).not.toContain('--no-sandbox');
    expect(chromiumArguments('http://127.0.0.1:1/', '/p', { root: true, kiosk: false })).toContain('--no-sandbox');
    expect(chromiumArguments('http://127.0.0.1:1/', '/p', { root: true, kiosk: false })).not.toContain('--kiosk');
    expect(chromiumArguments('http://127.0.0.1:1/', '/p', { root: false, kiosk: true })).toContain('--kiosk');
  });
});
