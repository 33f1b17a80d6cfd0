import { useEffect, useRef } from 'react';
import { createScanReader } from './scan-reader.ts';

/**
 * Hears codes from a scanner wherever the focus is, but where somebody fills in a form: there they belong into its field. A code's own Enter
 * presses nothing. `heard` in a dialog, too, where `inDialog` is set.
 */
export function useScanner(heard: (code: string) => void, inDialog = false): void {
  const newest = useRef({ heard, inDialog });
  useEffect(() => {
    newest.current = { heard, inDialog };
  });
  useEffect(() => {
    const reader = createScanReader();
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const scan = reader.take(event.key, event.timeStamp);
      if (scan === null || isField(event.target)) return;
      const open = document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
      if (open && !newest.current.inDialog) return;
      // Before a button that has the focus hears of the Enter.
      event.preventDefault();
      event.stopPropagation();
      newest.current.heard(scan.code);
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, []);
}

/** A search takes a scanned code as well as anything; what else is typed into does not want it read. */
function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input:not([type="search"]), textarea, select, [contenteditable]') !== null
  );
}
