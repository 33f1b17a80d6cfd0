import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the platform sees it: `find`, `add`, `update` or `remove`, and for whom. */
interface Arrival {
  action: string;
  code: string;
  /** Process id of the station that asks. */
  pid: number;
}

/**
 * A platform that outlives the processes that use it: a tiny HTTP server in the test. `arrived` is called ahead of acting and
 * may wait; what it returns says what becomes of the request. `acted` is called after acting, ahead of the reply.
 */
export interface RemotePlatform {
  url: string;
  /** How often each code was added. */
  added: Map<string, number>;
  /** Bytes of each person's photo. */
  photos: Map<string, number>;
  arrivals: Arrival[];
  most: number;
  arrived: (arrival: Arrival) => void | Promise<void>;
  acted: (arrival: Arrival) => 'reply' | 'drop' | Promise<'reply' | 'drop'>;
  replied: (arrival: Arrival) => void;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

export async function remotePlatform(): Promise<RemotePlatform> {
  let now = 0;
  const platform: RemotePlatform = {
    url: '',
    added: new Map(),
    photos: new Map(),
    arrivals: [],
    most: 0,
    arrived: () => undefined,
    acted: () => 'reply',
    replied: () => undefined,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://platform');
    const [, action = '', code = ''] = url.pathname.split('/');
    const arrival: Arrival = { action, code, pid: Number(request.headers['x-pid']) };
    const body = await bodyOf(request);
    platform.arrivals.push(arrival);
    await platform.arrived(arrival);
    if (request.socket.destroyed) return;
    let answer: unknown = {};
    if (action === 'find') answer = { found: platform.added.has(code) };
    else if (action === 'remove') {
      platform.added.delete(code);
      platform.photos.delete(code);
    } else {
      if (action === 'add') platform.added.set(code, (platform.added.get(code) ?? 0) + 1);
      platform.photos.set(code, body.length);
    }
    if ((await platform.acted(arrival)) === 'drop') {
      response.destroy();
      return;
    }
    response.end(JSON.stringify(answer), () => platform.replied(arrival));
  };

  const server = createServer((request, response) => {
    now += 1;
    platform.most = Math.max(platform.most, now);
    handle(request, response)
      .catch(() => response.destroy())
      .finally(() => {
        now -= 1;
      });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  platform.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return platform;
}
