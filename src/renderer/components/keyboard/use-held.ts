import { useEffect, useRef } from 'react';

const FIRST_MS = 450;
const NEXT_MS = 70;

/** A key that goes on while it is held. */
export function useHeld(act: () => void) {
  const newest = useRef(act);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const repeated = useRef(false);
  useEffect(() => {
    newest.current = act;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  const stop = () => clearTimeout(timer.current);
  return {
    onPointerDown() {
      repeated.current = false;
      const again = (wait: number) => {
        timer.current = setTimeout(() => {
          repeated.current = true;
          newest.current();
          again(NEXT_MS);
        }, wait);
      };
      again(FIRST_MS);
    },
    onPointerUp: stop,
    onPointerLeave: stop,
    onPointerCancel: stop,
    onClick() {
      stop();
      // What was done while it was held is not done once more.
      if (!repeated.current) newest.current();
    },
  };
}
