import { useEffect } from 'react';
import { kioskOptions, useKiosk } from '../stores/kiosk.ts';
import { secondsLeft } from '../stores/kiosk-flow.ts';
import { useStation } from '../stores/station.ts';
import { useNow } from './use-now.ts';

const TICK_MS = 500;

/** Time, touches and the connection for the kiosk's state machine. A new desk begins with nothing of a visitor's. */
export function useKioskClock(): void {
  useEffect(() => {
    const { tell, clear } = useKiosk.getState();
    clear();
    const connection = () => tell({ type: 'connection', online: useStation.getState().connection.state === 'open' });
    connection();
    const offStation = useStation.subscribe((state, before) => {
      if (state.connection !== before.connection) connection();
    });
    const timer = setInterval(() => tell({ type: 'tick' }), TICK_MS);
    const onTouch = () => {
      // Whoever is asked whether they are still there answers with the button.
      if (!useKiosk.getState().flow.warned) tell({ type: 'seen' });
    };
    const kinds = ['pointerdown', 'keydown', 'wheel', 'input', 'scroll'] as const;
    for (const kind of kinds) window.addEventListener(kind, onTouch, { capture: true, passive: true });
    return () => {
      offStation();
      clearInterval(timer);
      for (const kind of kinds) window.removeEventListener(kind, onTouch, { capture: true });
      clear();
    };
  }, []);
}

/** Whole seconds until the kiosk forgets whoever stands there; null where it does not. */
export function useKioskSeconds(): number | null {
  const flow = useKiosk((state) => state.flow);
  const now = useNow(true);
  return secondsLeft(flow, Math.max(now, flow.seenAt), kioskOptions());
}
