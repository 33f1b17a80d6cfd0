import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { CALLS } from '../../src/shared/channels.ts';

/**
 * The built preload, in the Chromium that Electron embeds, with a `require` that knows only `electron`: what the sandbox gives it.
 * What Electron itself adds (isolated worlds, structured clones between them) is not seen here.
 */
test('the built preload exposes two functions and knows the contract’s names alone', async ({ page }) => {
  const code = await readFile('out/preload/index.cjs', 'utf8');
  expect(code.length, 'zod must not be in it').toBeLessThan(8_000);
  await page.goto('about:blank');

  const seen = await page.evaluate(
    async ({ source, calls }) => {
      type Send = (event: unknown, name: unknown, payload: unknown) => void;
      const required: string[] = [];
      const invoked: unknown[][] = [];
      const channels = new Map<string, Send>();
      const exposed = new Map<string, Record<string, (...args: unknown[]) => unknown>>();
      const electron = {
        contextBridge: {
          exposeInMainWorld: (name: string, value: Record<string, (...args: unknown[]) => unknown>) =>
            exposed.set(name, value),
        },
        ipcRenderer: {
          on: (channel: string, listener: Send) => channels.set(channel, listener),
          invoke: async (...args: unknown[]) => {
            invoked.push(args);
            return { ok: true, value: args[2] };
          },
        },
      };
      const require = (name: string) => {
        required.push(name);
        if (name !== 'electron') throw new Error(`module not found: ${name}`);
        return electron;
      };
      new Function('require', 'module', 'exports', source)(require, { exports: {} }, {});

      const bridge = exposed.get('vestibule') ?? {};
      const rejected = async (name: unknown) => {
        try {
          await bridge.call?.(name, undefined);
          return null;
        } catch (error) {
          return error instanceof Error ? error.message : 'not an error';
        }
      };
      const thrown = (name: unknown, listener: unknown) => {
        try {
          bridge.on?.(name, listener);
          return false;
        } catch {
          return true;
        }
      };

      const bytes = new Uint8Array([1, 2, 3]);
      const reply = await bridge.call?.('photo.submit', { bytes, source: 'camera' });
      for (const name of calls) await bridge.call?.(name, undefined);

      const heard: unknown[] = [];
      const off = bridge.on?.('delivery.changed', (payload: unknown) => heard.push(payload)) as () => void;
      const emit = channels.get('vestibule:event');
      emit?.({ sender: 'the event object' }, 'delivery.changed', { id: 'd1' });
      emit?.({}, 'settings.changed', { id: 'other' });
      emit?.({}, 'no.such', {});
      emit?.({}, { toString: () => 'delivery.changed' }, {});
      off();
      emit?.({}, 'delivery.changed', { id: 'd2' });

      return {
        required,
        exposed: [...exposed].map(([name, value]) => [name, Object.keys(value).sort()]),
        channels: [...channels.keys()],
        first: invoked[0],
        names: invoked.slice(1).map(([channel, name]) => `${channel} ${name}`),
        reply,
        refused: await Promise.all(['no.such', 'constructor', '__proto__', 7].map(rejected)),
        thrown: [thrown('no.such', () => undefined), thrown('delivery.changed', 'text')],
        after: invoked.length,
        heard,
      };
    },
    { source: code, calls: [...CALLS] },
  );

  expect(seen.required).toEqual(['electron']);
  expect(seen.exposed).toEqual([['vestibule', ['call', 'on']]]);
  expect(seen.channels).toEqual(['vestibule:event']);
  expect(seen.first?.slice(0, 2)).toEqual(['vestibule:call', 'photo.submit']);
  expect(seen.reply).toMatchObject({ ok: true, value: { source: 'camera' } });
  expect(seen.names).toEqual(CALLS.map((name) => `vestibule:call ${name}`));
  expect(seen.refused).toEqual(Array(4).fill('no such call'));
  expect(seen.thrown).toEqual([true, true]);
  expect(seen.after, 'a refused call reaches no channel').toBe(1 + CALLS.length);
  expect(seen.heard).toEqual([{ id: 'd1' }]);
});
