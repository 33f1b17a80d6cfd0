import { useEffect, useRef } from 'react';

/** Space takes the picture and Escape goes back, wherever the focus is, unless a control there wants the key itself. */
export function useCaptureKeys(actions: { onShutter: (() => void) | null; onBack: () => void }): void {
  const newest = useRef(actions);
  useEffect(() => {
    newest.current = actions;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return;
      const { onShutter, onBack } = newest.current;
      if (event.key === ' ' && onShutter && !wantsKeys(event.target)) {
        event.preventDefault();
        onShutter();
      } else if (event.key === 'Escape' && !inPopup(event.target)) {
        onBack();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

const CONTROLS = 'button, a, input, select, textarea, [role="combobox"], [role="listbox"], [role="dialog"]';

/** Whether a key that is pressed there belongs to the control that has the focus. */
export function wantsKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(CONTROLS) !== null;
}

function inPopup(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('select:open, [role="listbox"], [role="dialog"], [role="combobox"][aria-expanded="true"]') !== null
  );
}
