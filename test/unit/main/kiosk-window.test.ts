import { describe, expect, it, vi } from 'vitest';
import { createKioskWindow } from '#main/electron/kiosk-window';
import type { Handlers } from '#shared/contract';

function set(first: boolean) {
  const screen = { isDestroyed: () => false, setKiosk: vi.fn() };
  const kiosk = createKioskWindow(first, () => screen);
  const station = {
    'kiosk.enter': vi.fn(async () => undefined),
    'kiosk.leave': vi.fn(async () => undefined),
    'operators.signIn': vi.fn(async () => ({ label: 'Olga', role: 'operator' })),
  };
  const handlers = kiosk.following(station as unknown as Handlers);
  const stays = () => {
    const event = { preventDefault: vi.fn() };
    kiosk.closing(event);
    return event.preventDefault.mock.calls.length === 1;
  };
  return { screen, kiosk, station, handlers, stays };
}

describe('the window of a kiosk', () => {
  it('fills the screen while the station says so, and is not closed from the front', async () => {
    const { screen, handlers, stays } = set(false);
    expect(stays()).toBe(false);
    await handlers['kiosk.enter'](undefined);
    expect(screen.setKiosk).toHaveBeenLastCalledWith(true);
    expect(stays()).toBe(true);
    await handlers['kiosk.leave']({});
    expect(screen.setKiosk).toHaveBeenLastCalledWith(false);
    expect(stays()).toBe(false);
  });

  it('stays as it is where the station refuses', async () => {
    const { screen, station, handlers, stays } = set(true);
    station['kiosk.leave'].mockRejectedValueOnce(new Error('pin-wrong'));
    await expect(handlers['kiosk.leave']({ pin: '0000' })).rejects.toThrow('pin-wrong');
    expect(screen.setKiosk).not.toHaveBeenCalled();
    expect(stays()).toBe(true);
  });

  it('opens as one when it was started so, goes with the program, and ends with a sign-in', async () => {
    const { kiosk, handlers, stays } = set(true);
    expect(stays()).toBe(true);
    kiosk.quit();
    expect(stays()).toBe(false);
    const other = set(true);
    await other.handlers['operators.signIn']({ label: 'Olga', pin: '1234' });
    expect(other.stays()).toBe(false);
    expect(handlers['operators.signIn']).toBeDefined();
  });
});
