/** A clock that only moves when everybody sleeps: then it jumps to the next time somebody wakes. */
export interface VirtualClock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Sets the clock, as an operator or a time server would. */
  set(ms: number): void;
  stop(): void;
}

export function virtualClock(start = Date.UTC(2026, 0, 1)): VirtualClock {
  let time = start;
  let sleepers: { at: number; wake(): void }[] = [];
  // Slow enough that disk and image work, which the clock cannot see, is done before time passes.
  const ticker = setInterval(() => {
    const next = sleepers.reduce((a, b) => Math.min(a, b.at), Number.POSITIVE_INFINITY);
    if (!Number.isFinite(next)) return;
    time = Math.max(time, next);
    const due = sleepers.filter(({ at }) => at <= time);
    sleepers = sleepers.filter(({ at }) => at > time);
    for (const { wake } of due) wake();
  }, 5);
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { at: time + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          reject(signal.reason);
        });
      }),
    set: (ms) => {
      time = ms;
    },
    stop: () => clearInterval(ticker),
  };
}
