/** Lets one thread at a time decode a picture that takes much memory, in the order they asked. */
export interface HeavyLane<Hand> {
  /** Asks for the lane; `granted` is called, now or later. A thread has one such picture at a time. */
  ask(hand: Hand, id: number): void;
  /** Gives the lane up, or the place in the line: the picture was answered, or its thread is gone. */
  leave(hand: Hand): void;
  /** Whether the thread stands in line. */
  waits(hand: Hand): boolean;
}

/** @param granted tells a thread that the lane is its own until it leaves */
export function createHeavyLane<Hand>(granted: (hand: Hand, id: number) => void): HeavyLane<Hand> {
  const line: { hand: Hand; id: number }[] = [];
  let holder: Hand | null = null;

  function next(): void {
    if (holder !== null) return;
    const first = line.shift();
    if (!first) return;
    holder = first.hand;
    granted(first.hand, first.id);
  }

  return {
    ask(hand, id) {
      line.push({ hand, id });
      next();
    },
    leave(hand) {
      const at = line.findIndex((one) => one.hand === hand);
      if (at >= 0) line.splice(at, 1);
      if (holder === hand) holder = null;
      next();
    },
    waits: (hand) => line.some((one) => one.hand === hand),
  };
}
