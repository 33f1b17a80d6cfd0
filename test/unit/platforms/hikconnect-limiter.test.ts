import { describe, expect, it } from 'vitest';
import { FaultError } from '#shared/fault';
import { RateLimiter, sharedLimiter } from '../../../src/platforms/hikconnect/limiter.ts';

/** A clock that moves when told, and wakes sleepers on its way. */
class FakeClock {
  time = 1_000_000;
  #sleepers: { at: number; wake: () => void }[] = [];

  now = () => this.time;

  sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { at: this.time + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
    });

  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (;;) {
      const next = this.#sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      this.time = Math.max(this.time, next.at);
      next.wake();
      await settle();
    }
    this.time = end;
    await settle();
  }
}

/** Lets every promise that can go on do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** The most starts in any one second. */
function busiestSecond(starts: readonly number[]): number {
  return Math.max(
    0,
    ...starts.map((start) => starts.filter((other) => other >= start && other < start + 1_000).length),
  );
}

describe('five requests a second (3.1)', () => {
  it('lets five go at once and the sixth a second later', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(clock);
    const starts: number[] = [];
    const begin = clock.time;
    const work = Array.from({ length: 6 }, () => limiter.run(async () => void starts.push(clock.time - begin)));
    await clock.advance(999);
    expect(starts).toEqual([0, 0, 0, 0, 0]);
    await clock.advance(100);
    await Promise.all(work);
    expect(starts).toHaveLength(6);
    expect(starts[5]).toBeGreaterThan(1_000);
  });

  it('never lets a sliding second see six, whatever the rhythm', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(clock);
    const starts: number[] = [];
    const work: Promise<void>[] = [];
    for (let n = 0; n < 60; n += 1) {
      work.push(limiter.run(async () => void starts.push(clock.time)));
      await clock.advance((n * 137) % 450);
    }
    await clock.advance(60_000);
    await Promise.all(work);
    expect(starts).toHaveLength(60);
    expect(busiestSecond(starts)).toBe(5);
  });

  it('counts from the answer: a request may have arrived as late as that', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(clock);
    const arrivals: number[] = [];
    // The first five dawdle on the way and arrive just before their answer; the later ones are instant.
    const slow = Array.from({ length: 5 }, () =>
      limiter.run(async () => {
        await clock.sleep(800);
        arrivals.push(clock.time);
      }),
    );
    const quick = Array.from({ length: 5 }, () => limiter.run(async () => void arrivals.push(clock.time)));
    await clock.advance(10_000);
    await Promise.all([...slow, ...quick]);
    expect(arrivals).toHaveLength(10);
    expect(busiestSecond(arrivals)).toBe(5);
  });

  it('is fair: first come, first served, batch and desk alike', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(clock);
    const order: string[] = [];
    const work = ['b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'desk', 'b7', 'b8'].map((name) =>
      limiter.run(async () => void order.push(name)),
    );
    await clock.advance(5_000);
    await Promise.all(work);
    expect(order).toEqual(['b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'desk', 'b7', 'b8']);
  });

  it('serves the desk before the batch, and starves neither', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(clock);
    const order: string[] = [];
    const push = (name: string, urgency: 'desk' | 'batch') =>
      limiter.run(async () => void order.push(name), undefined, urgency);
    const work = [
      ...Array.from({ length: 30 }, (_, n) => push(`b${n}`, 'batch')),
      ...Array.from({ length: 20 }, (_, n) => push(`d${n}`, 'desk')),
    ];
    await clock.advance(60_000);
    await Promise.all(work);
    expect(order).toHaveLength(50);
    // The five that were free are gone to the batch, which came first; then four of five are the desk's.
    const contended = order.slice(5, 30);
    expect(contended.filter((name) => name.startsWith('d'))).toHaveLength(20);
    for (let at = 0; at + 5 <= contended.length; at += 5)
      expect(contended.slice(at, at + 5).filter((name) => name.startsWith('b'))).toHaveLength(1);
    for (const kind of ['b', 'd'])
      expect(order.filter((name) => name.startsWith(kind))).toEqual(
        Array.from({ length: kind === 'b' ? 30 : 20 }, (_, n) => `${kind}${n}`),
      );
  });

  it('counts against the desk only the places a batch waited for', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(clock);
    const order: string[] = [];
    const push = (name: string, urgency: 'desk' | 'batch') =>
      limiter.run(async () => void order.push(name), undefined, urgency);
    const alone = Array.from({ length: 10 }, (_, n) => push(`d${n}`, 'desk'));
    await clock.advance(10_000);
    const work = [
      push('b', 'batch'),
      ...Array.from({ length: 9 }, (_, n) => push(`e${n}`, 'desk')),
      push('c', 'batch'),
    ];
    await clock.advance(20_000);
    await Promise.all([...alone, ...work]);
    // Five places were free; of those who had to wait, `c` waits for four of the desk, not longer.
    expect(order.slice(10)).toEqual(['b', 'e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7', 'c', 'e8']);
  });

  it('forgets who is interrupted while waiting, and serves the next', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(clock);
    const busy = Array.from({ length: 5 }, () => limiter.run(async () => undefined));
    const controller = new AbortController();
    let ran = false;
    const waiting = limiter.run(async () => {
      ran = true;
    }, controller.signal);
    const after = limiter.run(async () => 'served');
    const outcome = waiting.catch((error: unknown) => error);
    await clock.advance(10);
    controller.abort();
    const error = await outcome;
    expect(error).toBeInstanceOf(FaultError);
    expect(error).toMatchObject({ fault: { kind: 'time-out', code: 'aborted' } });
    await clock.advance(2_000);
    await expect(after).resolves.toBe('served');
    expect(ran).toBe(false);
    await Promise.all(busy);
    await expect(limiter.run(async () => 1, AbortSignal.abort())).rejects.toBeInstanceOf(FaultError);
  });

  it('frees the place of a task that failed', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(clock);
    const failures = Array.from({ length: 5 }, () =>
      limiter.run(() => Promise.reject(new Error('no'))).catch(() => 'failed'),
    );
    const next = limiter.run(async () => 'next');
    await clock.advance(1_200);
    await expect(Promise.all(failures)).resolves.toEqual(Array(5).fill('failed'));
    await expect(next).resolves.toBe('next');
  });

  it('is not locked for ever by requests without an answer', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(clock);
    for (let n = 0; n < 5; n += 1) void limiter.run(() => new Promise(() => undefined));
    const next = limiter.run(async () => 'next');
    await clock.advance(7_000);
    await expect(next).resolves.toBe('next');
  });

  it('waits as long as the platform asked', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(clock);
    limiter.pause(3_000);
    let ran = false;
    const work = limiter.run(async () => {
      ran = true;
    });
    await clock.advance(2_900);
    expect(ran).toBe(false);
    await clock.advance(200);
    await work;
    expect(ran).toBe(true);
  });

  it('survives a clock that is set back', async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter(clock);
    await Promise.all(Array.from({ length: 5 }, () => limiter.run(async () => undefined)));
    clock.time -= 3_600_000;
    const work = limiter.run(async () => 'served');
    await clock.advance(2_000);
    await expect(work).resolves.toBe('served');
  });

  it('is one for an account and another for another', () => {
    const clock = new FakeClock();
    const one = sharedLimiter('https://isgp.example.com/', 'key', clock);
    expect(sharedLimiter('https://ISGP.example.com', 'key', clock)).toBe(one);
    expect(sharedLimiter('https://isgp.example.com', 'other', clock)).not.toBe(one);
    expect(sharedLimiter('https://ieu.example.com', 'key', clock)).not.toBe(one);
  });
});
