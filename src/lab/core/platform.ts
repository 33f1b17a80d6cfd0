import type { FastifyInstance } from 'fastify';
import type { FaultBoard, OwnFault } from './faults.ts';
import type { RequestLog } from './log.ts';

/** The five kinds of platform the lab simulates; the same words as `kind` in a configuration file. */
type PlatformKind = 'hcp' | 'device' | 'senselink' | 'megvii' | 'hikconnect';

/** What a simulated platform may ask of the lab. One context per platform: `now` carries that platform's ordered clock skew. */
export interface LabContext {
  /** The platform's own clock in milliseconds since the epoch, ordered skew included. */
  now(): number;
  /** 32 lower-case hexadecimal digits, fresh at every call. */
  random(): string;
  /** Where this platform answers, `basePath` included, e.g. `http://127.0.0.1:4301/artemis`. Known once it listens. */
  baseUrl(): string;
  faults: FaultBoard;
  /** Whether the platform is to show this fault in the call it is just answering. Each asking counts: ask where the fault would show. */
  meets(fault: OwnFault): boolean;
}

/** Somebody enrolled on a simulated platform, in words all platforms share; for the page and for tests. */
export interface LabPerson {
  /** The key the station owns: personCode, userId, jobNumber or code. */
  key: string;
  /** The key the platform gave: personId, id or uuid. */
  id: string;
  kind: 'staff' | 'visitor' | 'other';
  name: string;
  /** The picture exactly as it was received, byte for byte. */
  photo: Buffer | null;
  /** Groups, access levels or privilege groups, by a readable name. */
  access: string[];
  /** Other fields as received, for display and assertions. */
  details: Record<string, string>;
}

/** An answer a platform gives without doing anything, for ordered faults. */
export interface LabAnswer {
  status: number;
  headers?: Record<string, string>;
  body: unknown;
}

/** Somebody passes a door, as `POST /lab/pass` orders it. */
export interface PassOrder {
  /** The key under which the lab's page shows the person; absent: a stranger. */
  key?: string | undefined;
  method?: 'face' | 'card' | 'code' | undefined;
  /** Milliseconds since the epoch; absent: now, by the platform's clock. */
  at?: number | undefined;
  /** Recognised, but the door stays shut; only where the platform's records can say so. */
  refused?: boolean | undefined;
}

/** An order that a platform's records have no word for. */
export function demandNoRefusal({ refused }: PassOrder, platform: string): void {
  if (refused) throw new Error(`The records of ${platform} do not tell whether the door opened.`);
}

/** A platform's own WebSocket, on which it tells of recognitions as they happen. */
export interface PushChannel {
  /** Judges a connection by its raw URL: the first message, and whether more will follow. Null where nothing is at that path. */
  welcome(url: string): { message: { code: number }; accepted: boolean } | null;
  /** What a client's heart beat is answered with; null for nothing. */
  heartBeat(): object | null;
  /** The path for the log, without key and signature. */
  loggedPath(path: string): string;
}

/**
 * One simulated platform. The core gives it a server of its own on 127.0.0.1, hands it every body but multipart as a Buffer
 * of the exact bytes received (see `body.ts`), applies ordered faults before and after its handlers, and fills its log.
 */
export interface SimulatedPlatform {
  readonly kind: PlatformKind;
  readonly title: string;
  /** Prefix of all its paths without a trailing slash, `''` where it has none. */
  readonly basePath: string;
  /** Routes with absolute paths. A platform that takes multipart registers the plugin itself. */
  register(app: FastifyInstance): Promise<void> | void;
  people(): LabPerson[];
  /** Forgets everybody, and every nonce, token or uploaded picture; keeps groups and keys. */
  clear(): void;
  /** Its entry of a configuration file, working credentials included. `baseUrl` is the context's. */
  config(baseUrl: string, pushPort?: number): Record<string, unknown>;
  /** How this platform says "busy" and "too many requests" in its own words. */
  overload(mode: 'busy' | 'rate'): LabAnswer;
  /** The faults this platform has words for; others cannot be ordered of it. */
  readonly ownFaults: readonly OwnFault[];
  readonly log: RequestLog;
  readonly push?: PushChannel;
  /** Keeps a record of somebody passing; returns it as its push tells it. @throws Error when nobody has the key. */
  recognise?(order: PassOrder): object;
}

/** Each room's `index.ts` exports one: `simulateHcp`, `simulateDevice`, `simulateSenselink`, `simulateMegvii`, `simulateHikconnect`. */
export type PlatformFactory = (context: LabContext) => SimulatedPlatform;
