import { type RefObject, useEffect, useRef } from 'react';

/** Brings what it is put on into view: what was done at the end of a long page is told at its beginning. */
export function useInView(about: unknown): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (about) element.current?.scrollIntoView({ block: 'center' });
  }, [about]);
  return element;
}
