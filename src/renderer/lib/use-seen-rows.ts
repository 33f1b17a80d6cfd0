import { type RefObject, useLayoutEffect, useState } from 'react';

export interface Span {
  /** The first row, and the one after the last. */
  from: number;
  to: number;
}

/**
 * Which rows of one height can be seen, and `more` of them at either end (pure).
 *
 * @param top pixels scrolled; `height` of what they are seen through, and of each `row`
 */
export function seenRows(
  { top, height, row }: { top: number; height: number; row: number },
  total: number,
  more: number,
): Span {
  if (row <= 0) return { from: 0, to: 0 };
  const from = Math.max(0, Math.min(total, Math.floor(top / row) - more));
  return { from, to: Math.max(from, Math.min(total, Math.ceil((top + height) / row) + more)) };
}

/** How far to scroll so that a row is seen whole (pure): no further than it takes. */
export function scrolledTo(place: number, { top, height, row }: { top: number; height: number; row: number }): number {
  return Math.min(place * row, Math.max(top, (place + 1) * row - height));
}

/** The rows of a long list that are drawn: those that can be seen, followed as it is scrolled or changes its size. */
export function useSeenRows(
  scroller: RefObject<HTMLElement | null>,
  { total, row, more }: { total: number; row: number; more: number },
): Span & { show(place: number): void } {
  const [{ from, to }, setSpan] = useState<Span>({ from: 0, to: 0 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () =>
      setSpan((old) => {
        const next = seenRows({ top: element.scrollTop, height: element.clientHeight, row }, total, more);
        return next.from === old.from && next.to === old.to ? old : next;
      });
    look();
    const resized = new ResizeObserver(look);
    resized.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller, total, row, more]);
  return {
    from,
    to,
    show(place) {
      const element = scroller.current;
      if (element) element.scrollTop = scrolledTo(place, { top: element.scrollTop, height: element.clientHeight, row });
    },
  };
}
