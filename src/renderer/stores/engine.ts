import { create } from 'zustand';
import { createLiveInspector, type LiveInspector } from '#vision/browser/live';

/** Where both shells serve the engine's files (docs/architecture.md). */
const ASSETS_URL = '/engine/';

interface EngineState {
  status: 'idle' | 'warming' | 'ready' | 'failed';
  inspector: LiveInspector | null;
  /** Starts the engine if it is not running; again after a failure. */
  warm(): void;
  /** The running engine stopped answering. */
  fail(): void;
}

/** The live check. It warms up while Welcome is read, because the first look is several times slower than the next ones. */
export const useEngine = create<EngineState>((set, get) => ({
  status: 'idle',
  inspector: null,

  warm() {
    const { status } = get();
    if (status === 'warming' || status === 'ready') return;
    let inspector: LiveInspector;
    try {
      inspector = createLiveInspector({ assetsUrl: ASSETS_URL });
    } catch {
      set({ status: 'failed', inspector: null });
      return;
    }
    set({ status: 'warming', inspector });
    inspector.ready.then(
      () => {
        if (get().inspector === inspector) set({ status: 'ready' });
      },
      () => {
        if (get().inspector === inspector) set({ status: 'failed', inspector: null });
      },
    );
  },

  fail() {
    get().inspector?.close();
    set({ status: 'failed', inspector: null });
  },
}));
