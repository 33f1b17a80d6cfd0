import { afterEach, describe, expect, it } from 'vitest';
import { PictureError } from '#vision/node/picture-error';
import { createInspectorPool, InspectorError, type InspectorPool, type PoolOptions } from '#vision/node/pool';

const workerUrl = new URL('./support/unruly-worker.mjs', import.meta.url);

let pool: InspectorPool | undefined;
function open(options: Partial<PoolOptions> = {}): InspectorPool {
  pool = createInspectorPool({ workers: 1, workerUrl, assets: '', ...options });
  return pool;
}
afterEach(async () => {
  await pool?.close();
  pool = undefined;
});

async function outcomes(paths: string[], options?: Partial<PoolOptions>): Promise<string[]> {
  const found: string[] = [];
  for await (const { source, inspection, error } of open(options).inspectAll(paths.map((path) => ({ path })))) {
    found.push(`${source.path} ${inspection ? 'done' : `${error.name}`}`);
  }
  return found;
}

describe('the pool of inspector threads', () => {
  it('answers many pictures in the order given, with several workers', async () => {
    const paths = Array.from({ length: 25 }, (_, n) => `p${n}`);
    expect(await outcomes(paths, { workers: 3 })).toEqual(paths.map((path) => `${path} done`));
  });

  it.each(['crash', 'throw', 'reject'])(
    'loses only the picture a worker fails on (%s), and goes on in a new thread',
    async (bad) => {
      expect(await outcomes(['a', bad, 'b', 'c'])).toEqual(['a done', `${bad} InspectorError`, 'b done', 'c done']);
    },
  );

  it('gives a hanging picture up after the time-out, in words', async () => {
    const hanging = open({ timeout: 1_500 });
    await expect(hanging.inspect({ path: 'hang' })).rejects.toThrow(/no answer within/);
    await expect(hanging.inspect({ path: 'a' })).resolves.toEqual({ path: 'a' });
  });

  it('brings an unreadable picture over as a PictureError with its code', async () => {
    const error = await open()
      .inspect({ path: 'bad' })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PictureError);
    expect(error).toMatchObject({ code: 'truncated', message: 'ends early' });
  });

  it('describes faces in one thread, whichever threads looked', async () => {
    const describing = open({ workers: 3 });
    const found = await Promise.all(Array.from({ length: 20 }, (_, n) => describing.describe({ path: `p${n}` })));
    expect(found.map(({ inspection }) => inspection)).toEqual(found.map((_, n) => ({ path: `p${n}` })));
    const threads = new Set(found.map(({ descriptor }) => descriptor?.[0]));
    expect(threads.size).toBe(1);
    expect([...threads][0]).toBeGreaterThan(0);
    expect(await describing.describe({ path: 'nobody' })).toEqual({ inspection: { path: 'nobody' }, descriptor: null });
  });

  it('loses only the face its describing thread fails on, and goes on in another', async () => {
    const describing = open({ workers: 2 });
    const asked = ['a', 'odd', 'b', 'c'].map((path) =>
      describing.describe({ path }).then(
        ({ descriptor }) => descriptor?.length,
        (error: Error) => error.name,
      ),
    );
    expect(await Promise.all(asked)).toEqual([1, 'InspectorError', 1, 1]);
    expect((await describing.describe({ path: 'd' })).descriptor).toHaveLength(1);
  });

  it('says that the engine cannot start instead of trying for ever', async () => {
    await expect(open({ assets: 'never-starts' }).inspect({ path: 'a' })).rejects.toThrow(InspectorError);
  });

  it('drops a picture whose signal is aborted', async () => {
    const abort = new AbortController();
    const looking = open({ timeout: 5_000 }).inspect({ path: 'hang' }, abort.signal);
    abort.abort(new Error('not needed any more'));
    await expect(looking).rejects.toThrow('not needed any more');
    await expect(pool?.inspect({ path: 'a' }, abort.signal)).rejects.toThrow('not needed any more');
  });

  it('yields no outcome for pictures that an interrupt gave up', async () => {
    const abort = new AbortController();
    const found: string[] = [];
    const looking = (async () => {
      const paths = ['hang', 'b', 'c', 'd'].map((path) => ({ path }));
      for await (const { source } of open().inspectAll(paths, abort.signal)) found.push(source.path);
    })();
    setTimeout(() => abort.abort(new Error('interrupted')), 50);
    await expect(looking).rejects.toThrow('interrupted');
    expect(found).toEqual([]);
  });

  it('fails what waits when it is closed, and everything after', async () => {
    const closing = open();
    const waiting = closing.inspect({ path: 'hang' });
    const failed = expect(waiting).rejects.toThrow(InspectorError);
    await closing.close();
    await failed;
    await expect(closing.inspect({ path: 'a' })).rejects.toThrow(InspectorError);
  });

  it('asks every running thread what it holds, and fails the question when the thread ends', async () => {
    const asked = open({ workers: 2 });
    expect(await asked.memory()).toEqual([]);
    await Promise.all([asked.inspect({ path: 'a' }), asked.inspect({ path: 'b' })]);
    expect(await asked.memory()).toEqual([{ tensors: 7 }, { tensors: 7 }]);
    const crash = asked.inspect({ path: 'crash' }).catch((error: unknown) => error);
    await expect(asked.memory()).rejects.toThrow(InspectorError);
    expect(await crash).toBeInstanceOf(InspectorError);
  });
});
