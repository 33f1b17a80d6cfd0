import { create } from 'zustand';
import { DEFAULT_SETTINGS, type Output, type PlatformView, type Settings } from '#shared/contract';
import type { Fault } from '#shared/fault';
import { type Criteria, PRESET_CRITERIA } from '#shared/quality';
import { bridge, type Connection } from '../bridge.ts';
import { faultOf } from '../lib/fault.ts';

export type TestResult = Output<'platforms.test'>;

/** What the last test of a platform told, or that one is under way. */
export type PlatformTest = { state: 'testing' } | { state: 'done'; result: TestResult };

interface StationState {
  /** Whether the first questions have been answered. */
  status: 'loading' | 'ready' | 'failed';
  fault: Fault | null;
  connection: Connection;
  info: Output<'app.info'> | null;
  settings: Settings;
  /** False after a setting could not be saved. */
  settingsSaved: boolean;
  criteria: Criteria;
  platforms: PlatformView[];
  tests: Record<string, PlatformTest>;
  load(): Promise<void>;
  /** Asks every platform, or these, whether it is ready. */
  testPlatforms(ids?: readonly string[]): Promise<void>;
  saveSettings(change: Partial<Settings>): Promise<void>;
  takeSettings(settings: Settings): void;
  takeConnection(connection: Connection): void;
}

/** What the screens know of the station they talk to. */
export const useStation = create<StationState>((set, get) => ({
  status: 'loading',
  fault: null,
  connection: bridge.connection(),
  info: null,
  settings: DEFAULT_SETTINGS,
  settingsSaved: true,
  criteria: PRESET_CRITERIA.standard,
  platforms: [],
  tests: {},

  async load() {
    try {
      // First what is told to everybody: the sign-in speaks the station's language.
      const [info, settings] = await Promise.all([
        bridge.call('app.info', undefined),
        bridge.call('settings.get', undefined),
      ]);
      set({ info, settings });
      const [criteria, platforms] = await Promise.all([
        bridge.call('quality.criteria', undefined),
        bridge.call('platforms.list', undefined),
      ]);
      set({ status: 'ready', fault: null, criteria, platforms });
    } catch (error) {
      // A failed reload leaves what was known: the connection banner says the rest.
      const fault = faultOf(error);
      // Nobody is signed in yet, or a kiosk lacks its PIN: asked again when that has changed.
      if (fault.code === 'sign-in-required' || fault.code === 'kiosk-unguarded') return;
      set((state) => ({ status: state.status === 'ready' ? 'ready' : 'failed', fault }));
    }
  },

  async testPlatforms(ids = get().platforms.map((platform) => platform.id)) {
    await Promise.all(
      ids.map(async (id) => {
        if (get().tests[id]?.state === 'testing') return;
        const put = (test: PlatformTest) => set((state) => ({ tests: { ...state.tests, [id]: test } }));
        put({ state: 'testing' });
        try {
          put({ state: 'done', result: await bridge.call('platforms.test', { id }) });
        } catch (error) {
          put({ state: 'done', result: { ok: false, skewMs: null, detail: null, fault: faultOf(error) } });
        }
      }),
    );
  },

  async saveSettings(change) {
    const before = get().settings;
    // Shown at once: a switch that waits for a disk feels broken.
    set({ settings: { ...before, ...change } });
    try {
      const settings = await bridge.call('settings.set', change);
      set({ settings, settingsSaved: true });
      if (change.preset !== undefined || change.limits !== undefined)
        set({ criteria: await bridge.call('quality.criteria', undefined) });
    } catch {
      // Somebody who cannot read the page keeps the language they chose even when it could not be saved.
      const language = change.language ?? before.language;
      set({ settings: { ...before, language }, settingsSaved: false });
    }
  },

  takeSettings(settings) {
    const { preset, limits } = get().settings;
    const stricter = settings.preset !== preset || JSON.stringify(settings.limits) !== JSON.stringify(limits);
    set({ settings });
    if (!stricter) return;
    bridge.call('quality.criteria', undefined).then(
      (criteria) => set({ criteria }),
      // The old criteria stay; the station judges the picture by the new ones anyway.
      () => undefined,
    );
  },

  takeConnection(connection) {
    set({ connection });
  },
}));
