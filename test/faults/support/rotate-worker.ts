import { rotateKey } from '#station/index';

/** Replaces the key of a data folder, to be killed: data folder, phase at which to stop and wait (or none). Says where it is. */
const [dataDir = '', stop = ''] = process.argv.slice(2);
await rotateKey(dataDir, {}, Date.now(), (phase) => {
  process.stdout.write(`${phase}\n`);
  // Held here, as a process that is paused would be; the test kills it.
  if (phase === stop) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
process.stdout.write('done\n');
