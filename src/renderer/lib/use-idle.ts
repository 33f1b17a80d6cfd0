import { useEffect } from 'react';
import { bridge } from '../bridge.ts';
import { useOperators } from '../stores/operators.ts';
import { useStation } from '../stores/station.ts';

/** How often the station is told that somebody is at the desk, at most, and how often the page looks whether anybody is. */
const PACE_MS = 20_000;

/** Tells the station of somebody at the desk, so that it does not lock under their hands, and asks it when nobody was there for long. */
export function useIdle(): void {
  const signedIn = useOperators((state) => state.status?.me != null);
  const minutes = useStation((state) => state.settings.lockAfterMinutes);
  useEffect(() => {
    if (!signedIn || minutes === null) return;
    let touched = Date.now();
    let told = touched;
    const onTouch = () => {
      touched = Date.now();
      if (touched - told < PACE_MS) return;
      told = touched;
      bridge.call('operators.active').catch(() => undefined);
    };
    // The station locks by its own clock; the page only asks in time to show it.
    const timer = setInterval(() => {
      if (Date.now() - touched >= minutes * 60_000) void useOperators.getState().load();
    }, PACE_MS);
    const kinds = ['pointerdown', 'keydown', 'wheel'] as const;
    for (const kind of kinds) window.addEventListener(kind, onTouch, { capture: true, passive: true });
    return () => {
      clearInterval(timer);
      for (const kind of kinds) window.removeEventListener(kind, onTouch, { capture: true });
    };
  }, [signedIn, minutes]);
}
