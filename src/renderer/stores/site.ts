import { create } from 'zustand';
import type { SiteView } from '#shared/calls/site';
import type { Fault } from '#shared/fault';
import { bridge } from '../bridge.ts';
import { faultOf } from '../lib/fault.ts';

interface SiteState {
  /** Null before it was asked for, and where whoever is here may not see it. */
  view: SiteView | null;
  fault: Fault | null;
  load(): Promise<void>;
  forget(): void;
}

/** The site's platforms as an administrator sets them up. */
export const useSite = create<SiteState>((set) => ({
  view: null,
  fault: null,
  async load() {
    try {
      set({ view: await bridge.call('site.get'), fault: null });
    } catch (error) {
      set({ fault: faultOf(error) });
    }
  },
  forget: () => set({ view: null, fault: null }),
}));

/** The platforms that are set up here, and not in what the station was started with. */
export function keptIds(view: SiteView | null): string[] {
  return view?.platforms.filter(({ from }) => from === 'kept').map(({ id }) => id) ?? [];
}
