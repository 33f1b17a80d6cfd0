import { describe, expect, it } from 'vitest';
import { createLiveInspector, LiveInspectorError } from '#vision/browser/live';
import type { LiveOrder, LiveReport } from '#vision/browser/messages';

const READY = { engine: 'human', backend: 'wasm-simd', warmUpMs: 1 };

/** A worker that answers as the test says. */
class FakeWorker extends EventTarget {
  readonly orders: LiveOrder[] = [];
  ended = false;
  private readonly answer: (order: LiveOrder) => LiveReport | null;
  constructor(answer: (order: LiveOrder) => LiveReport | null) {
    super();
    this.answer = answer;
  }
  postMessage(order: LiveOrder): void {
    this.orders.push(order);
    const report = this.answer(order);
    if (report) queueMicrotask(() => this.dispatchEvent(Object.assign(new Event('message'), { data: report })));
  }
  terminate(): void {
    this.ended = true;
  }
}

const asWorker = (fake: FakeWorker) => fake as unknown as Worker;

function frame() {
  const made = {
    closed: false,
    width: 4,
    height: 4,
    close() {
      made.closed = true;
    },
  };
  return made as typeof made & ImageBitmap;
}

function open(answer: (order: LiveOrder) => LiveReport | null, times = {}) {
  const worker = new FakeWorker(answer);
  return {
    worker,
    live: createLiveInspector({ assetsUrl: 'http://127.0.0.1/engine/', spawn: () => asWorker(worker), ...times }),
  };
}

describe('the live inspector', () => {
  it('hands the address of the files over, and a frame only when the engine is ready', async () => {
    const inspection = { faces: [] };
    const { worker, live } = open((order) =>
      order.type === 'start'
        ? { type: 'ready', ready: READY }
        : ({ type: 'done', id: order.id, inspection } as unknown as LiveReport),
    );
    await expect(live.inspect(frame())).resolves.toBe(inspection);
    await expect(live.ready).resolves.toEqual(READY);
    expect(worker.orders.map(({ type }) => type)).toEqual(['start', 'look']);
    expect(worker.orders[0]).toMatchObject({ assetsUrl: 'http://127.0.0.1/engine/' });
  });

  it('rejects with the reason when the engine cannot start', async () => {
    const { worker, live } = open(() => ({ type: 'broken', message: 'facemesh.bin cannot be loaded (404)' }));
    await expect(live.ready).rejects.toThrow('facemesh.bin cannot be loaded (404)');
    const late = frame();
    await expect(live.inspect(late)).rejects.toThrow(LiveInspectorError);
    expect(late.closed).toBe(true);
    expect(worker.ended).toBe(true);
  });

  it('never hangs: a start and a frame have their time', async () => {
    const silent = open(() => null, { startTimeout: 30 });
    await expect(silent.live.ready).rejects.toThrow('did not start within');
    const stuck = open((order) => (order.type === 'start' ? { type: 'ready', ready: READY } : null), {
      frameTimeout: 30,
    });
    const looked = frame();
    await expect(stuck.live.inspect(looked)).rejects.toThrow('no answer within');
    expect(looked.closed).toBe(true);
    expect(stuck.worker.ended).toBe(true);
  });

  it('takes one frame at a time, closes the other, and goes on after a bad one', async () => {
    let fail = true;
    const { live } = open((order) => {
      if (order.type === 'start') return { type: 'ready', ready: READY };
      if (fail) return { type: 'failed', id: order.id, message: 'the frame is empty' };
      return { type: 'done', id: order.id, inspection: {} } as unknown as LiveReport;
    });
    const first = live.inspect(frame());
    const second = frame();
    await expect(live.inspect(second)).rejects.toThrow('another frame');
    expect(second.closed).toBe(true);
    await expect(first).rejects.toThrow('the frame is empty');
    fail = false;
    await expect(live.inspect(frame())).resolves.toEqual({});
  });

  it('rejects what is under way when its worker dies or it is closed', async () => {
    const dying = open((order) => (order.type === 'start' ? { type: 'ready', ready: READY } : null));
    const lost = dying.live.inspect(frame());
    await dying.live.ready;
    dying.worker.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
    await expect(lost).rejects.toThrow('out of memory');
    const closing = open((order) => (order.type === 'start' ? { type: 'ready', ready: READY } : null));
    const dropped = closing.live.inspect(frame());
    closing.live.close();
    await expect(dropped).rejects.toThrow('closed');
  });
});
