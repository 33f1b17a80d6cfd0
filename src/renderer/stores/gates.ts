import { create } from 'zustand';
import type { Output } from '#shared/contract';
import type { Fault } from '#shared/fault';
import type { GateDoors, GatePass, GateProof, GateWatch } from '#shared/gates';
import { bridge } from '../bridge.ts';
import { faultOf } from '../lib/fault.ts';
import { withPass } from '../lib/passes.ts';

type Monitor = Output<'gates.list'>;

/** What is being done, or was done last, with a door or a clock. */
export interface DoorAct {
  what: 'open' | 'clock';
  platform: string;
  /** The door's name; of a clock the terminal's. */
  name: string;
  state: 'busy' | 'done' | 'failed';
  fault: Fault | null;
}

interface GatesState {
  /** Null until it was told, and while nobody looks. */
  monitor: Monitor | null;
  fault: Fault | null;
  doors: GateDoors[] | null;
  doorsFault: Fault | null;
  loadingDoors: boolean;
  act: DoorAct | null;
  /** Whoever passed last while somebody looked; for those who are read to. */
  latest: GatePass | null;
  /** First passes by delivery, of whoever is shown at the desk. */
  proofs: Record<string, GateProof>;
  load(): Promise<void>;
  loadDoors(): Promise<void>;
  open(platform: string, door: { id: string; name: string }): Promise<void>;
  setClock(platform: string, name: string): Promise<void>;
  retry(platform: string): Promise<void>;
  loadProofs(code: string): Promise<void>;
  takePass(pass: GatePass): void;
  takeWatch(watch: GateWatch): void;
  takeProof(proof: GateProof): void;
  /** `screen`: who passed. `everybody`: proofs too. */
  forget(what: 'screen' | 'everybody'): void;
}

const NOTHING = {
  monitor: null,
  fault: null,
  doors: null,
  doorsFault: null,
  loadingDoors: false,
  act: null,
  latest: null,
};

/** The gate monitor of the desk. Who passed lives here only as long as its screen is open. */
export const useGates = create<GatesState>((set, get) => {
  /** Counts visits to the screen, so that a late answer after it was left is dropped. */
  let turn = 0;

  async function work(act: Omit<DoorAct, 'state' | 'fault'>, call: () => Promise<unknown>): Promise<void> {
    if (get().act?.state === 'busy') return;
    const mine = turn;
    const told = (state: DoorAct['state'], fault: Fault | null) => {
      if (mine === turn) set({ act: { ...act, state, fault } });
    };
    told('busy', null);
    try {
      await call();
      told('done', null);
    } catch (error) {
      told('failed', faultOf(error));
    }
  }

  return {
    ...NOTHING,
    proofs: {},

    async load() {
      const mine = turn;
      try {
        const monitor = await bridge.call('gates.list');
        if (mine === turn) set({ monitor, fault: null });
      } catch (error) {
        if (mine === turn) set({ fault: faultOf(error) });
      }
    },

    async loadDoors() {
      if (get().loadingDoors) return;
      const mine = turn;
      set({ loadingDoors: true });
      try {
        const doors = await bridge.call('gates.doors');
        if (mine === turn) set({ doors, doorsFault: null, loadingDoors: false });
      } catch (error) {
        if (mine === turn) set({ doorsFault: faultOf(error), loadingDoors: false });
      }
    },

    open: (platform, { id, name }) =>
      work({ what: 'open', platform, name }, () => bridge.call('gates.open', { platform, door: id })),

    async setClock(platform, name) {
      await work({ what: 'clock', platform, name }, () => bridge.call('gates.setClock', { platform }));
      if (get().act?.state === 'done') await get().loadDoors();
    },

    async retry(platform) {
      try {
        await bridge.call('gates.retry', { platform });
      } catch {
        // How it stands is told by `gates.watched`, and that the station does not answer by the banner.
      }
    },

    async loadProofs(code) {
      try {
        const proofs = await bridge.call('gates.proofs', { code });
        set((state) => ({
          proofs: { ...state.proofs, ...Object.fromEntries(proofs.map((proof) => [proof.delivery, proof])) },
        }));
      } catch {
        // Receipts stand without it.
      }
    },

    takePass: (pass) =>
      set(({ monitor }) =>
        monitor === null ? {} : { monitor: { ...monitor, passes: withPass(monitor.passes, pass) }, latest: pass },
      ),

    takeWatch: (watch) =>
      set(({ monitor }) =>
        monitor === null
          ? {}
          : {
              monitor: {
                ...monitor,
                watches: monitor.watches.map((one) => (one.platform === watch.platform ? watch : one)),
              },
            },
      ),

    takeProof: (proof) => set(({ proofs }) => ({ proofs: { ...proofs, [proof.delivery]: proof } })),

    forget(what) {
      turn += 1;
      set(what === 'everybody' ? { ...NOTHING, proofs: {} } : NOTHING);
    },
  };
});
