import { FaultError } from '#shared/fault';
import type { ConnectorDeps, RecognitionRecord } from '../contract.ts';
import { oldestFirst, watchPasses, wholeSeconds } from '../core/passes.ts';
import type { PushMessage } from '../core/push.ts';
import type { Client } from './client.ts';
import type { SenselinkConfig } from './config.ts';
import { codeIn } from './guest-mark.ts';
import { findGuest, findStaff } from './people.ts';
import { type Pass, pass, pushMessage } from './wire.ts';

/** §6.5.2 */
const PUSH_PORT = 9000;

/** `type` of §6.5.1, `userType` of §6.5.2. */
const KINDS: Readonly<Record<number, RecognitionRecord['kind']>> = { 1: 'staff', 2: 'visitor', 3: 'stranger' };
/** `entryMode`; 4 is a face and a card together. */
const METHODS: Readonly<Record<number, RecognitionRecord['method']>> = { 1: 'face', 2: 'code', 3: 'card', 4: 'face' };

/** A recognition in the house's words. Pictures and id numbers in it are not read. */
function passOf(found: Pass): RecognitionRecord {
  const kind = KINDS[found.type ?? found.userType ?? 0] ?? 'other';
  const known = kind === 'staff' || kind === 'visitor';
  const score = found.verifyScore;
  return {
    id: found.id,
    at: found.signTime * 1000,
    code: kind === 'staff' ? found.jobNumber || null : kind === 'visitor' ? codeIn(found.remark) : null,
    personId: known && found.userId && found.userId !== '0' ? found.userId : null,
    kind,
    place: found.deviceName || found.sn || found.deviceSN || null,
    method: METHODS[found.entryMode ?? 0] ?? 'other',
    similarity: typeof score === 'number' && score > 0 ? Math.min(1, score) : null,
    // Neither §6.5.1 nor §6.5.2 tells whether the door opened.
    passed: null,
  };
}

/** SenseLink's time as far as it is known. */
function timeOf(client: Client, deps: ConnectorDeps): number {
  return deps.now() + (client.clock.skewMs() ?? 0);
}

/** `/api/v1/record` (§6.5.1), oldest first. */
export async function* records(
  client: Client,
  deps: ConnectorDeps,
  range: { from: number; to: number; code?: string },
  signal: AbortSignal,
): AsyncIterable<RecognitionRecord> {
  const { code } = range;
  const user =
    code === undefined
      ? null
      : ((await findStaff(client, code, signal)) ?? (await findGuest(client, code, undefined, signal)));
  if (code !== undefined && user === null) return;
  const seconds = wholeSeconds(range, timeOf(client, deps));
  if (seconds === null) return;
  const userId = user?.id ?? null;
  for await (const found of oldestFirst((page) => client.passes({ ...seconds, userId }, page, signal)))
    if (userId === null || found.userId === String(userId)) yield passOf(found);
}

/** A message of the push (§6.5.2). */
function readMessage(message: unknown): PushMessage<RecognitionRecord> {
  const said = pushMessage.safeParse(message).data;
  if (said?.code === 20000) return { is: 'connected' };
  if (said?.code === 20002 || said?.code === 498) return { is: 'refused' };
  const found = said?.code === 30000 ? pass.safeParse(said.data).data : undefined;
  return found === undefined ? { is: 'other' } : { is: 'record', value: passOf(found) };
}

const REMEMBERED = 500;

/** The push tells SenseLink's own id of a person and, by its sample, not ours: ours is looked up, and remembered. */
function createCodes(client: Client) {
  const codes = new Map<string, string | null>();
  return async (record: RecognitionRecord, signal: AbortSignal): Promise<RecognitionRecord> => {
    const { personId } = record;
    if (record.code !== null || personId === null || !/^\d{1,15}$/.test(personId)) return record;
    let code = codes.get(personId);
    if (code === undefined) {
      try {
        const user = await client.byId(Number(personId), signal);
        code = record.kind === 'visitor' ? codeIn(user?.remark) : user?.job_number || null;
      } catch (error) {
        // Somebody passed, whoever it was: told without a code rather than not at all.
        if (!(error instanceof FaultError)) throw error;
        return record;
      }
      const [oldest] = codes.keys();
      if (codes.size >= REMEMBERED && oldest !== undefined) codes.delete(oldest);
      codes.set(personId, code);
    }
    return { ...record, code };
  };
}

/** The push of records (§6.5.2) on its own port. */
export function watch(
  client: Client,
  config: SenselinkConfig,
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
      complete: createCodes(client),
      missed: (range, inner) => records(client, deps, range, inner),
      time: () => timeOf(client, deps),
      adopt: () => client.clock.adopt(),
    },
    listener,
    signal,
  );
}
