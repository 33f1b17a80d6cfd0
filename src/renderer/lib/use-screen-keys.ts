import { useEffect } from 'react';
import { isShut, useOperators } from '../stores/operators.ts';
import { type Screen, useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';

const KEYS: Record<string, Screen> = { k: 'people', i: 'import' };
/** Screens that hold nobody's unfinished enrolment. */
const FREE: readonly Screen[] = ['welcome', 'receipts', 'people', 'person', 'gates', 'import'];

/** Ctrl+K (⌘K) looks for a person, Ctrl+I (⌘I) opens the import. */
export function useScreenKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = KEYS[event.key.toLowerCase()];
      if (!target || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      const { screen, go } = useSession.getState();
      if (screen === target || !FREE.includes(screen)) return;
      const { connection, platforms } = useStation.getState();
      const { status } = useOperators.getState();
      if (connection.state === 'refused' || isShut(status) || status?.kiosk) return;
      if (target === 'import' && platforms.length === 0) return;
      event.preventDefault();
      go(target);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
