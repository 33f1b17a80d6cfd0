// Speaks the worker's side of the pool's protocol and misbehaves as the picture's path asks.
import { parentPort, threadId, workerData } from 'node:worker_threads';

if (workerData.assets === 'never-starts') throw new Error('no engine here');
parentPort.postMessage({ type: 'ready' });
parentPort.on('message', ({ type, id, source, cut, face }) => {
  if (type === 'memory') {
    parentPort.postMessage({ type: 'memory', memory: { tensors: 7 } });
    return;
  }
  if (type === 'describe') {
    if (face[0] === 1) throw new Error('thrown while describing');
    setTimeout(() => parentPort.postMessage({ type: 'described', id, descriptor: Float32Array.of(threadId) }), 5);
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
  const found = cut && source.path !== 'nobody' ? Float32Array.of(source.path === 'odd' ? 1 : 0) : null;
  setTimeout(() => parentPort.postMessage({ type: 'done', id, inspection: { path: source.path }, face: found }), 5);
});
