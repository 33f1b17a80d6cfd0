import type { ConnectorDeps, RecognitionRecord } from '../contract.ts';
import { oldestFirst, watchPasses, wholeSeconds } from '../core/passes.ts';
import type { PushMessage } from '../core/push.ts';
import type { Client } from './client.ts';
import type { DeviceConfig } from './config.ts';
import { userId } from './user-id.ts';
import { pushMessage, type SignObject, signObject } from './wire.ts';

/** §8.3.3 */
const PUSH_PORT = 9000;

/** `type` of §8.3.1. */
const KINDS: Readonly<Record<number, RecognitionRecord['kind']>> = { 1: 'staff', 2: 'visitor', [-1]: 'stranger' };
/** `inputType` of §8.3.1; 4 is a UUID. */
const METHODS: Readonly<Record<number, RecognitionRecord['method']>> = { 1: 'face', 2: 'code', 3: 'card' };

/** A recognition in the house's words. Times are GMT seconds (§5). */
function passOf(record: SignObject): RecognitionRecord {
  const kind = KINDS[record.type] ?? 'other';
  const key = kind === 'stranger' || !record.userId ? null : record.userId;
  const { similarity } = record;
  return {
    id: record.id,
    at: record.signTime * 1000,
    code: key,
    personId: key,
    kind,
    place: record.deviceMark || null,
    method: METHODS[record.inputType ?? 0] ?? 'other',
    similarity: typeof similarity === 'number' ? Math.min(1, Math.max(0, similarity / 100)) : null,
    // §8.3.1 tells who was recognised, not whether the door opened.
    passed: null,
  };
}

/** The terminal's time as far as it is known. */
function timeOf(client: Client, deps: ConnectorDeps): number {
  return deps.now() + (client.clock.skewMs() ?? 0);
}

/** `/api/record` (§8.3.2), oldest first. */
export async function* records(
  client: Client,
  deps: ConnectorDeps,
  range: { from: number; to: number; code?: string },
  signal: AbortSignal,
): AsyncIterable<RecognitionRecord> {
  const seconds = wholeSeconds(range, timeOf(client, deps));
  const id = range.code === undefined ? null : userId(range.code);
  if (seconds === null) return;
  for await (const record of oldestFirst((page) => client.records({ ...seconds, id }, page, signal))) {
    // The filter may match parts, as the list of users may.
    if (id === null || record.userId === id) yield passOf(record);
  }
}

/** A message of the push (§8.3.3). */
function readMessage(message: unknown): PushMessage<RecognitionRecord> {
  const found = pushMessage.safeParse(message).data;
  if (found?.code === 20000) return { is: 'connected' };
  if (found?.code === 20002) return { is: 'refused' };
  const record = found?.code === 30000 ? signObject.safeParse(found.data).data : undefined;
  return record === undefined ? { is: 'other' } : { is: 'record', value: passOf(record) };
}

/** The push of records (§8.3.3) on its own port. */
export function watch(
  client: Client,
  config: DeviceConfig,
  deps: ConnectorDeps,
  listener: (record: RecognitionRecord) => void,
  signal: AbortSignal,
): Promise<void> {
  return watchPasses(
    {
      push: {
        ...config,
        ...deps,
        port: config.pushPort ?? PUSH_PORT,
        path: client.pushPath,
        connectMs: config.timeouts?.connectMs,
      },
      read: readMessage,
      missed: (range, inner) => records(client, deps, range, inner),
      time: () => timeOf(client, deps),
      adopt: () => client.clock.adopt(),
    },
    listener,
    signal,
  );
}
