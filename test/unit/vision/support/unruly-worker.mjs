// Speaks the worker's side of the pool's protocol and misbehaves as the picture's path asks.
import { parentPort, workerData } from 'node:worker_threads';

if (workerData.assets === 'never-starts') throw new Error('no engine here');
parentPort.postMessage({ type: 'ready' });
parentPort.on('message', ({ type, id, source }) => {
  if (type === 'memory') {
    parentPort.postMessage({ type: 'memory', memory: { tensors: 7 } });
    return;
  }
  if (source.path === 'crash') process.exit(7);
  if (source.path === 'throw') throw new Error('thrown in the thread');
  if (source.path === 'reject') void Promise.reject(new Error('nobody waits for this'));
  if (source.path === 'hang') for (;;);
  if (source.path === 'bad') {
    parentPort.postMessage({ type: 'failed', id, error: { code: 'truncated', message: 'ends early' } });
    return;
  }
  setTimeout(() => parentPort.postMessage({ type: 'done', id, inspection: { path: source.path } }), 5);
});
