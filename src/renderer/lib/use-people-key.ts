import { useEffect } from 'react';
import { isShut, useOperators } from '../stores/operators.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';

/** Ctrl+K (⌘K) looks for a person, from the screens that hold nobody's unfinished enrolment. */
export function usePeopleKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      const { screen, go } = useSession.getState();
      if (screen !== 'welcome' && screen !== 'receipts' && screen !== 'person') return;
      if (useStation.getState().connection.state === 'refused' || isShut(useOperators.getState().status)) return;
      event.preventDefault();
      go('people');
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
