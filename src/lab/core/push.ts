import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type WebSocket, WebSocketServer } from 'ws';
import type { LabCertificate } from './certificate.ts';
import type { FaultBoard } from './faults.ts';
import { listenOn } from './listen.ts';
import type { LoggedRequest } from './log.ts';
import type { PushChannel } from './platform.ts';

/** Both documents: a client that says nothing for so long is cut off. */
const silenceMs = 33_000;

/** A platform's push of records on a port of its own. */
export interface HostedPush {
  port: number;
  /** Sends a message to everybody who was let in. */
  send(message: object): void;
  /** Opens or closes the listener; closing cuts everybody off. */
  switch(on: boolean): Promise<void>;
}

/** Starts the WebSocket of one platform on 127.0.0.1. A `hang` ordered for its path lets a client in and then stays mute, pongs included. */
export async function hostPush(
  id: string,
  channel: PushChannel,
  options: {
    port: number;
    faults: FaultBoard;
    log(entry: Omit<LoggedRequest, 'at'>): void;
    tls?: LabCertificate | null;
    silenceMs?: number;
  },
): Promise<HostedPush> {
  const refuse: RequestListener = (_request, response) => response.writeHead(426).end();
  const server = options.tls ? createTlsServer(options.tls, refuse) : createServer(refuse);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, autoPong: false });
  const listening = new Set<WebSocket>();

  server.on('upgrade', (request, socket, head) => {
    const url = request.url ?? '/';
    const path = url.split('?', 1).join('');
    const fault = options.faults.take(id, path);
    const note = (status: number, code: string) =>
      options.log({ method: 'WS', path: channel.loggedPath(path), status, code });
    if (fault?.mode === 'off' || fault?.mode === 'drop') {
      note(0, `fault:${fault.mode}`);
      socket.destroy();
      return;
    }
    if (fault?.mode === 'status') {
      note(fault.status ?? 500, 'fault:status');
      socket.end(`HTTP/1.1 ${fault.status ?? 500} Fault\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const verdict = channel.welcome(url);
    if (verdict === null) {
      note(404, '');
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      if (fault?.mode === 'hang') {
        note(0, 'fault:hang');
        return;
      }
      note(101, String(verdict.message.code));
      client.send(JSON.stringify(verdict.message));
      if (!verdict.accepted) {
        client.close();
        return;
      }
      attend(client);
    });
  });

  function attend(client: WebSocket): void {
    const cut = () => client.terminate();
    let timer = setTimeout(cut, options.silenceMs ?? silenceMs);
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(cut, options.silenceMs ?? silenceMs);
    };
    listening.add(client);
    client.on('message', () => {
      // Only a message counts: a ping of the protocol is not the heart beat the document asks for.
      heard();
      const answer = channel.heartBeat();
      if (answer !== null) client.send(JSON.stringify(answer));
    });
    client.on('ping', (data) => client.pong(data));
    client.on('error', () => undefined);
    client.on('close', () => {
      clearTimeout(timer);
      listening.delete(client);
    });
  }

  const port = await listenOn(server, options.port, `the push of ${id}`);
  return {
    port,
    send(message) {
      const text = JSON.stringify(message);
      for (const client of listening) client.send(text);
    },
    async switch(on) {
      if (on === server.listening) return;
      if (on) {
        await listenOn(server, port, `the push of ${id}`);
        return;
      }
      for (const client of sockets.clients) client.terminate();
      await new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      });
    },
  };
}
