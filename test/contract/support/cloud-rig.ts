import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import type { Connector, ConnectorDeps, EnrolJob, PlatformDefinition } from '#platforms/contract';
import { type Fault, FaultError } from '#shared/fault';
import type { Person } from '#shared/person';
import { portrait } from '../../fixtures/faces.ts';

/** What the connectors of Megvii and Hik-Connect are tested with. */
const realDeps: ConnectorDeps = {
  now: Date.now,
  nonce: () => randomBytes(16).toString('hex'),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
  configDir: '.',
};

/** A connector of a configuration entry, parsed as the station parses it. */
export function connect<C extends { kind: PlatformDefinition['kind']; baseUrl: string }>(
  definition: PlatformDefinition<C>,
  entry: unknown,
  deps: Partial<ConnectorDeps> = {},
): Connector {
  return definition.create(definition.config.parse(entry), { ...realDeps, ...deps });
}

type With<K extends keyof Connector> = Connector & { [part in K]-?: NonNullable<Connector[part]> };

function hasAll<K extends keyof Connector>(connector: Connector, parts: readonly K[]): connector is With<K> {
  return parts.every((part) => connector[part] !== undefined);
}

/** The connector with parts the contract lets a room leave out; an error of the test where one is missing. */
export function having<K extends keyof Connector>(connector: Connector, ...parts: K[]): With<K> {
  if (hasAll(connector, parts)) return connector;
  throw new Error(`the connector lacks one of ${parts.join(', ')}`);
}

/** The test face as the platform wants it. */
export async function rendered(definition: Pick<PlatformDefinition, 'rendition'>, face?: Buffer): Promise<Uint8Array> {
  const { width, height } = definition.rendition;
  const jpeg = await sharp(face ?? (await portrait()))
    .resize(width, height)
    .jpeg({ quality: 88 })
    .toBuffer();
  return new Uint8Array(jpeg);
}

export const ANNA: Person = {
  kind: 'staff',
  code: 'TP012345',
  name: { family: 'Lim', given: 'Anna' },
  gender: 'female',
};

export interface RecordedJob extends EnrolJob {
  steps: string[];
}

/** A job whose steps are recorded. */
export function jobFor(bytes: Uint8Array, over: Partial<EnrolJob> = {}): RecordedJob {
  const steps: string[] = [];
  return {
    person: ANNA,
    photo: { bytes, version: 'v1' },
    onExisting: 'update',
    onSimilar: 'ask',
    knownPersonId: null,
    resumed: false,
    signal: AbortSignal.timeout(30_000),
    step: (name, run) => {
      steps.push(name);
      return run();
    },
    ...over,
    steps,
  };
}

/** The fault a promise rejects with; anything else is an error of the test. */
export async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof FaultError) return error.fault;
    throw error;
  }
  throw new Error('expected a fault, but it resolved');
}

export interface Recorded {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  at: number;
}

export interface Recorder {
  url: string;
  requests: Recorded[];
  close(): Promise<void>;
}

/** A server that answers what the test says, for what a well-behaved platform never does, and to see the very bytes that are sent. */
export async function recorder(answer: (request: Recorded) => unknown): Promise<Recorder> {
  const requests: Recorded[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, path: url, headers, body: Buffer.concat(chunks), at: Date.now() };
      requests.push(request);
      outgoing.setHeader('content-type', 'application/json').end(JSON.stringify(answer(request)));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}
