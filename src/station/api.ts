import type { Logger } from 'pino';
import type { PlatformDefinition, PlatformKind, Prediction, Verification } from '#platforms/contract';
import type { EnrolmentView, Handlers, Payload, Settings } from '#shared/contract';
import type { Delivery, DeliveryState } from '#shared/delivery';
import type { Fault } from '#shared/fault';
import type { Box, Inspection, Measures } from '#shared/measures';
import type { QualityConfig, Reason } from '#shared/quality';

/** What shells and the command line see of the station. Nothing here knows which shell it lives in. */

/** Where a picture comes from: bytes that crossed a contract, or a file the command line was given. */
export type PictureSource = { path: string } | { bytes: Uint8Array };

/** The part of vision's inspector pool the station uses. Rejects with an error named `PictureError` when it cannot read. */
export interface Inspector {
  inspect(source: PictureSource, signal?: AbortSignal): Promise<Inspection>;
}

/** Where the 32 byte data key comes from: a key file, an environment variable, the system's key ring. */
export interface KeySource {
  /** The key, made on first use where the source can. Rejects with `StationError`. */
  load(): Promise<Uint8Array>;
}

/** Where settings live. `get` never throws: what cannot be read is the default. */
export interface SettingsStore {
  get(): Settings;
  /** Takes the named fields over and returns the whole. */
  set(patch: Partial<Settings>): Settings;
  /** Returns the function that stops listening. */
  onChange(listener: (settings: Settings) => void): () => void;
}

export type Definitions = (kind: string) => PlatformDefinition | undefined;

/** One platform of a configuration: its definition and its entry, secrets resolved. */
export interface ConfiguredPlatform {
  id: string;
  kind: PlatformKind;
  definition: PlatformDefinition;
  config: PlatformConfig;
}
type PlatformConfig = Parameters<PlatformDefinition['create']>[0];

/** A configuration that was read and found whole. */
export interface LoadedConfig {
  platforms: readonly ConfiguredPlatform[];
  quality: QualityConfig | undefined;
  /** Folder that relative file names (`tls.ca`) are resolved against. */
  configDir: string;
  /** The configuration as written, references to the environment unresolved: this is what the journal keeps. */
  source: unknown;
}

export interface StationOptions {
  /** Made with mode 0700 when missing. */
  dataDir: string;
  /** May have no platforms. */
  config: LoadedConfig;
  key: KeySource;
  inspector: Inspector;
  settings: SettingsStore;
  log: Logger;
  /** Default: the rooms in `#platforms/index`. */
  definitions?: Definitions;
  /** Milliseconds since the epoch. */
  now?(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep?(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 ≤ x < 1. */
  random?(): number;
  /** True: the outbox delivers by itself (desk). False: only when `outbox.run()` is called (command line). Default false. */
  background?: boolean;
}

/** The on-device check of one picture (interfaces.md, `check`). */
export interface CheckResult {
  accepted: boolean;
  faces: number;
  box: Box | null;
  measures: Measures;
  reasons: Reason[];
  /** What each platform's own quality service would answer; null where it would pass. */
  platforms: Record<string, Prediction | null>;
  ms: number;
}

export interface CheckOptions {
  /** Platform ids to predict for; default: all that are configured. */
  platforms?: readonly string[];
  signal?: AbortSignal;
}

export interface EnrolRequest {
  photo: { bytes: Uint8Array };
  /** A person in the shape of interfaces.md; validated here. */
  person: unknown;
  to: readonly string[];
  onExisting?: 'update' | 'stop';
  onSimilar?: 'ask' | 'force' | 'stop';
  signal?: AbortSignal;
}

export interface EnrolResult {
  /** Null when the picture failed the check: then nothing was written and nothing will be sent. */
  enrolment: EnrolmentView | null;
  check: CheckResult;
}

/** A delivery and the code of the person it is for. */
export type OutboxEntry = Delivery & { code: string };

export interface OutboxFilter {
  states?: readonly DeliveryState[];
  enrolment?: string;
  platform?: string;
  /** Code of the person. */
  code?: string;
}

export interface RunOptions {
  signal: AbortSignal;
  /** Only the deliveries of this enrolment. */
  enrolment?: string;
  /**
   * `once` (default): one attempt now of every open delivery, whether its time has come or not (but for a platform that asked for
   * fewer requests). `settled`: until nothing more happens by itself, as long as it takes or until the deadline.
   */
  until?: 'settled' | 'once';
  /** Milliseconds from now after which nothing is started any more and what is under way is interrupted (safely). */
  deadlineMs?: number;
}

export interface Outbox {
  /** Oldest first. */
  list(filter?: OutboxFilter): OutboxEntry[];
  /** Delivers and returns the deliveries concerned as they then are. Does not reject when interrupted. */
  run(options: RunOptions): Promise<OutboxEntry[]>;
  /** Queues a waiting, refused or abandoned delivery for now. Throws FaultError. */
  retry(id: string): OutboxEntry;
  /** Answers a question, or gives up (`stop`) or forces what was refused as similar or existing. Throws FaultError. */
  answer(id: string, answer: 'force' | 'stop'): OutboxEntry;
}

export interface PlatformTest {
  ok: boolean;
  skewMs: number | null;
  detail: string | null;
  fault: Fault | null;
}

/** `fault` null: the platform answered. */
export type VerifyResult = { platform: string; fault: Fault | null } & Verification;
export interface RemoveResult {
  platform: string;
  /** False: nobody with that code was there (which is fine), or it could not be asked (see `fault`). */
  removed: boolean;
  fault: Fault | null;
}

export interface Station {
  /** Every call of the contract. */
  handlers(app: { version: string; shell: 'electron' | 'loopback'; lab: string | null }): Handlers;
  /** Returns the function that stops listening. */
  on<E extends keyof StationEvents>(event: E, listener: (payload: StationEvents[E]) => void): () => void;
  /** Looks at a picture. Rejects with FaultError (`quality`, field `photo`) when it cannot be read. */
  check(source: PictureSource, options?: CheckOptions): Promise<CheckResult>;
  /** Rejects with FaultError (`validation`, field named) before anything is written. */
  enrol(request: EnrolRequest): Promise<EnrolResult>;
  outbox: Outbox;
  /** Never rejects for what the platform does; throws FaultError for an unknown id. */
  testPlatform(id: string, signal: AbortSignal): Promise<PlatformTest>;
  /** Asks every configured platform that can tell; what cannot be asked carries its fault. */
  verify(code: string, signal: AbortSignal): Promise<VerifyResult[]>;
  /** Removes the person there, and here what belongs to these platforms (everything, when none is left). */
  remove(code: string, from: readonly string[], signal: AbortSignal): Promise<RemoveResult[]>;
  /** Lets running requests finish for a moment, then interrupts them; nothing stays half-written. Idempotent. */
  close(): Promise<void>;
}

export interface StationEvents {
  'delivery.changed': Payload<'delivery.changed'>;
  'settings.changed': Payload<'settings.changed'>;
}

/** What keeps a station from opening; the message says what to do. No personal data, no secrets. */
export class StationError extends Error {
  readonly code: 'data-dir' | 'key' | 'journal';
  constructor(code: StationError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StationError';
    this.code = code;
  }
}

/** Everything wrong with a configuration, each with its path (`platforms.hcp.appKey`). */
export class ConfigError extends Error {
  readonly problems: readonly { path: string; message: string }[];
  constructor(problems: readonly { path: string; message: string }[], where = 'configuration') {
    super([`${where}:`, ...problems.map(({ path, message }) => `  ${path ? `${path}: ` : ''}${message}`)].join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
