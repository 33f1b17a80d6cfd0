import { type RefObject, useEffect, useRef } from 'react';
import { wantsKeys } from './use-capture-keys.ts';

/** A scanner's keys, and the second Enter some of them send, follow each other far sooner. */
const QUIET_MS = 300;

/**
 * Tells Enter that somebody presses here from one that a scanner sends behind its code or once more, and from one that was pressed or held
 * on the screen before. Pure: it is given keys and their times. @param since when there was first something here to answer
 */
export function createLoneEnter(since: number): {
  take(key: { key: string; repeat: boolean; timeStamp: number }): boolean;
} {
  let last = since;
  return {
    take({ key, repeat, timeStamp }) {
      const lone = timeStamp - last >= QUIET_MS;
      last = timeStamp;
      return key === 'Enter' && lone && !repeat;
    },
  };
}

/**
 * Enter presses the first button of what it is put on, wherever the focus is, unless a control there or a dialog wants the key itself. The
 * focus can so stay at the heading, where a screen reader begins.
 */
export function useLoneEnter<E extends HTMLElement>(): RefObject<E | null> {
  const actions = useRef<E>(null);
  const since = useRef(performance.now());
  useEffect(() => {
    const enter = createLoneEnter(since.current);
    const onKey = (event: KeyboardEvent) => {
      const lone = enter.take(event);
      if (!lone || event.defaultPrevented || event.isComposing) return;
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (wantsKeys(event.target) || document.querySelector('dialog[open]') !== null) return;
      // The screen that comes has the focus before this key is let go: it must not hear of it.
      event.preventDefault();
      muteRepeats();
      actions.current?.querySelector<HTMLElement>('button, label')?.click();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return actions;
}

/** Nobody hears a key again for as long as it is held. */
function muteRepeats(): void {
  const onKey = (event: KeyboardEvent) => {
    if (!event.repeat) return window.removeEventListener('keydown', onKey, true);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('keydown', onKey, true);
}
