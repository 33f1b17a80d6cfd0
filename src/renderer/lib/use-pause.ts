import { useEffect, useRef } from 'react';

/** Calls `act` with the newest value once it has rested for `ms`; not with the first one. */
export function usePause<T>(value: T, ms: number, act: (value: T) => void): void {
  const newest = useRef(act);
  useEffect(() => {
    newest.current = act;
  });
  const before = useRef(value);
  useEffect(() => {
    if (Object.is(before.current, value)) return;
    const timer = setTimeout(() => {
      before.current = value;
      newest.current(value);
    }, ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
}
