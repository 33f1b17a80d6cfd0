import { setTimeout as delay } from 'node:timers/promises';
import { rotateKey } from '#station/index';
import { fakePlatform } from '../../unit/station/support/fake-platform.ts';
import { open } from '../../unit/station/support/station.ts';

/**
 * Replaces the key of a data folder, to be killed: data folder, and the phase at which to stop and wait, `open` for a change under an open
 * station, or nothing. Says where it is.
 */
const [dataDir = '', stop = ''] = process.argv.slice(2);
const say = (text: string) => process.stdout.write(`${text}\n`);

if (stop === 'open') {
  const station = await open(dataDir, { gate: fakePlatform().definition });
  const handlers = station.handlers({ version: '1', shell: 'loopback', lab: null });
  await handlers['key.change'](undefined);
  say('key');
  while ((await handlers['key.status'](undefined)).state === 'running') await delay(2);
  await station.close();
} else
  await rotateKey(dataDir, {}, Date.now(), (phase) => {
    say(phase);
    // Held here, as a process that is paused would be; the test kills it.
    if (phase === stop) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
say('done');
