import { createServer, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLATFORMS } from '#platforms/index';
import { selfSigned } from '../../../src/lab/core/certificate.ts';
import { listenOn } from '../../../src/lab/core/listen.ts';
import { type Lab, startLab } from '../../../src/lab/index.ts';
import { deps, faultOf } from '../../fixtures/connecting.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ https: true, devices: 2 });
});
afterAll(() => lab.close());

const signal = AbortSignal.timeout(15_000);
const ids = ['hcp', 'device', 'senselink', 'megvii', 'hikconnect', 'device-2'];

function connect(id: string, over: Record<string, unknown> = {}) {
  const entry = { ...lab.config.platforms[id], ...over };
  const definition = PLATFORMS[String(entry.kind) as keyof typeof PLATFORMS];
  return definition.create(definition.config.parse(entry), deps());
}
const wrong = { fingerprint256: Array(32).fill('AB').join(':') };

describe('a lab with TLS', () => {
  it('has https in every entry, and the fingerprint of the certificate it made', () => {
    expect(Object.keys(lab.config.platforms)).toEqual(ids);
    const pins = ids.map((id) => lab.config.platforms[id]?.tls as { fingerprint256: string });
    expect(new Set(pins.map(({ fingerprint256 }) => fingerprint256)).size).toBe(1);
    for (const id of ids) {
      expect(lab.config.platforms[id]?.baseUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+/);
      expect(lab.config.platforms[id]?.tls).toEqual({
        fingerprint256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      });
    }
    expect(lab.url).toMatch(/^http:/);
  });

  it.each(ids)('%s: the pinned certificate is trusted, another one and no pin are not', async (id) => {
    const pinned = connect(id);
    expect((await pinned.test(signal)).skewMs).not.toBeNull();
    await pinned.close();
    const heard = lab.log(id).length;
    for (const tls of [wrong, undefined]) {
      const stranger = connect(id, { tls });
      expect(await faultOf(stranger.test(signal))).toMatchObject({ kind: 'unreachable', code: 'tls' });
      await stranger.close();
    }
    expect(lab.log(id)).toHaveLength(heard);
  });

  it.each(Object.keys(PLATFORMS))('%s: with a wrong fingerprint not a byte is sent', async (kind) => {
    let bytes = 0;
    const server = createServer(await selfSigned(), (socket: TLSSocket) => {
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      socket.on('error', () => undefined);
    });
    const port = await listenOn(server, 0, 'a test');
    const { pathname } = new URL(String(lab.config.platforms[kind]?.baseUrl));
    const connector = connect(kind, { baseUrl: `https://127.0.0.1:${port}${pathname}`, tls: wrong });
    expect(await faultOf(connector.test(signal))).toMatchObject({ code: 'tls', field: 'tls.fingerprint256' });
    await connector.close();
    await new Promise((done) => server.close(done));
    expect(bytes).toBe(0);
  });

  it('tells who passes over wss with the same trust', async () => {
    const connector = connect('device');
    const stop = new AbortController();
    const passes: (number | null)[] = [];
    const listening = connector.watch?.((record) => passes.push(record.at), stop.signal);
    await expect
      .poll(() => lab.log('device').filter(({ method, status }) => method === 'WS' && status === 101).length, {
        timeout: 5_000,
      })
      .toBe(1);
    lab.recognise({ platform: 'device' });
    await expect.poll(() => passes.length, { timeout: 5_000 }).toBe(1);
    stop.abort();
    await listening;
    await connector.close();
  });

  it('shows the faults of the line too', async () => {
    await lab.order({ platform: 'megvii', mode: 'off' });
    const off = connect('megvii');
    expect(await faultOf(off.test(signal))).toMatchObject({ kind: 'unreachable', code: 'ECONNREFUSED' });
    await lab.clearFaults();
    expect((await off.test(signal)).detail).toContain('people');
    await off.close();
  });
});

describe('the certificate', () => {
  it('is another one in every lab', async () => {
    const [one, two] = await Promise.all([selfSigned(), selfSigned()]);
    expect(one.fingerprint256).not.toBe(two.fingerprint256);
    expect(one.key).not.toBe(two.key);
  });
});
