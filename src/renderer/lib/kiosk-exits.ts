import { useEffect } from 'react';

/** What of a key decides whether it is the browser's or the page's. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'> & { altGraph: boolean };

/** With Ctrl or ⌘: what editing a field needs. */
const EDITING: ReadonlySet<string> = new Set(['a', 'c', 'v', 'x', 'z', 'y']);
const MOVING: ReadonlySet<string> = new Set([
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End',
  'Backspace',
  'Delete',
]);
const MODIFIERS: ReadonlySet<string> = new Set(['Control', 'Meta', 'Alt', 'AltGraph', 'Shift', 'CapsLock']);

/**
 * Whether a key would lead somebody at a kiosk out of its page: reload, print, find, save, the browser's pages and its developer tools, back
 * and forward. Typing, moving about and editing stay. A browser keeps a few for itself (new window, close): those are the window manager's.
 */
export function leadsOut({ key, ctrlKey, metaKey, altKey, altGraph }: KeyPress): boolean {
  if (/^F\d{1,2}$/.test(key) || /^(Browser|Launch|Media)/.test(key)) return true;
  if (['ContextMenu', 'Help', 'Print', 'PrintScreen', 'Find'].includes(key)) return true;
  if (MODIFIERS.has(key) || altGraph) return false;
  if (ctrlKey || metaKey) return altKey || !(EDITING.has(key.toLowerCase()) || MOVING.has(key));
  // Option makes letters on some keyboards; what it makes is none of the plain ones.
  return altKey && !(key === 'Dead' || /^\P{ASCII}$/u.test(key));
}

/** Closes the ways out of the page that a page can close, for as long as it serves visitors. */
export function useKioskExits(): void {
  useEffect(() => {
    const stop = (event: Event) => event.preventDefault();
    const onKey = (event: KeyboardEvent) => {
      if (!leadsOut({ ...keyOf(event), altGraph: event.getModifierState('AltGraph') })) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // A mouse's buttons for back and forward.
    const onButton = (event: MouseEvent) => {
      if (event.button > 2) event.preventDefault();
    };
    // A screen one visitor has enlarged is of no use to the next.
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey) event.preventDefault();
    };
    // What leads back leads here.
    const stay = () => history.pushState(null, '');
    stay();
    const gone = new AbortController();
    const on = { capture: true, passive: false, signal: gone.signal };
    for (const kind of ['contextmenu', 'dragstart']) window.addEventListener(kind, stop, on);
    for (const kind of ['mousedown', 'mouseup'] as const) window.addEventListener(kind, onButton, on);
    window.addEventListener('keydown', onKey, on);
    window.addEventListener('wheel', onWheel, on);
    window.addEventListener('popstate', stay, on);
    return () => gone.abort();
  }, []);
}

const keyOf = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) => ({ key, ctrlKey, metaKey, altKey });
