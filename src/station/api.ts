import type { Logger } from 'pino';
import type { PlatformDefinition, PlatformKind, Prediction, Verification } from '#platforms/contract';
import type { PlatformAgreement } from '#shared/calls/quality';
import type { EventName } from '#shared/channels';
import type { ConsentText } from '#shared/consent';
import type { EnrolmentView, Handlers, Output, Payload, Settings } from '#shared/contract';
import type { Delivery, DeliveryState } from '#shared/delivery';
import type { Fault } from '#shared/fault';
import type { Box, Inspection, Measures } from '#shared/measures';
import type { Operator, Role } from '#shared/operators';
import type { QualityConfig, Reason } from '#shared/quality';
import type { FileImports, FilePicker } from './import/api.ts';
import type { AuditReport, AuditRow } from './journal/audit.ts';
import type { RetentionDays } from './outbox/retention.ts';

/** What shells and the command line see of the station. Nothing here knows which shell it lives in. */

/** Where a picture comes from: bytes that crossed a contract, or a file the command line was given. */
export type PictureSource = { path: string } | { bytes: Uint8Array };

/** The part of vision's inspector pool the station uses. Rejects with an error named `PictureError` when it cannot read. */
export interface Inspector {
  inspect(source: PictureSource, signal?: AbortSignal): Promise<Inspection>;
  /** The same, with the principal face in 128 numbers that are near for one person; absent where faces cannot be compared. */
  describe?(
    source: PictureSource,
    signal?: AbortSignal,
  ): Promise<{ inspection: Inspection; descriptor: Float32Array | null }>;
}

/** Where the 32 byte data key comes from: a key file, an environment variable, the system's key ring. */
export interface KeySource {
  /** The key, made on first use where the source can. Rejects with `StationError`. */
  load(): Promise<Uint8Array>;
  /** Further keys that data may still, or already, be sealed with: there are some while a key is being replaced. */
  others?(): Promise<Uint8Array[]>;
  /** How it is replaced by another. Absent where only its owner can: a key in the environment. */
  change?: KeyChange;
}

/** How one kind of key is replaced. Killed anywhere between the two, `load` and `others` tell both keys. */
export interface KeyChange {
  /** For who reads of it: what keeps the key. */
  keeper: 'file' | 'key-ring' | 'environment';
  /** The key that is to come, safely kept beside the present one; the same one again when an interrupted change made it. */
  prepare(): Promise<Uint8Array>;
  /** Puts it in the place of the present one, which is gone then. */
  finish(): Promise<void>;
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
  /** Secret fields whose value is in the vault; what `config` has in their place is no secret. */
  vaulted?: readonly string[];
  /** Folder that its relative file names (`tls.ca`) are resolved against; without it the configuration's. */
  configDir?: string;
  /** Where each secret field comes from. */
  origins?: Readonly<Record<string, SecretOrigin>>;
}
/** Where a secret comes from: written in the configuration, a variable of the environment, the vault, or nowhere. */
export type SecretOrigin = 'config' | 'env' | 'vault' | 'none';
type PlatformConfig = Parameters<PlatformDefinition['create']>[0];

/** A configuration that was read and found whole. */
export interface LoadedConfig {
  platforms: readonly ConfiguredPlatform[];
  quality: QualityConfig | undefined;
  /** How long what is no longer needed is kept. */
  retention?: RetentionDays | undefined;
  /** What people are asked to agree to at the desk. */
  consent?: ConsentText | undefined;
  /** Whether the platforms' records of who passes are followed (default: they are), and how many days they are kept (default: 1). */
  gates?: { watch?: boolean | undefined; passesDays?: number | undefined } | undefined;
  /** Whether tables are compared with the faces of people enrolled at the desk (default: what the desk says). */
  imports?: { compareDesk?: boolean | undefined } | undefined;
  /** Folder that relative file names (`tls.ca`) are resolved against. */
  configDir: string;
  /** Nobody gave it at this start: it is what the folder was used with last, and may be changed at the desk. */
  remembered?: boolean;
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
  /** Where references of platforms that are kept in the folder are looked up; default: nowhere. */
  env?: NodeJS.ProcessEnv;
  /** Milliseconds since the epoch. */
  now?(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep?(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 ≤ x < 1. */
  random?(): number;
  /** True: the outbox delivers by itself (desk). False: only when `outbox.run()` is called (command line). Default false. */
  background?: boolean;
  /** Who works here, as the operator says; the audit trail shows it behind `desk` or `cli`. */
  operator?: string | undefined;
  /** scrypt's N for new PINs (tests hash many); default: a tenth of a second's worth. */
  pinCost?: number | undefined;
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
  /** `batch` for a list nobody stands and waits for: the desk goes first. Default `desk`. */
  urgency?: 'desk' | 'batch';
  /** The text the person agreed to, and when (ms since the epoch). */
  consent?: { version: string; at: number } | null;
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
  /**
   * Also look, where it is due, whether platforms have what they took; `settled` waits for the first look of each delivery (a second
   * or two after it), but not until the doors have everybody. Default false: as fast as can be.
   */
  verify?: boolean;
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
  /** How each configured platform fares: whether it is left alone after it failed, and what waits for it. */
  platforms(): PlatformQueue[];
}

export type PlatformQueue = Output<'outbox.platforms'>[number];

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
  /** It is tried again by itself until the platform answers: the removal is promised. */
  again: boolean;
}

/** Proof of a removal that names nobody. */
export type RemovalReceipt = Output<'people.remove'>['receipt'];
export interface Removal {
  results: RemoveResult[];
  receipt: RemovalReceipt;
}

/** All that is stored about one person. No secrets. */
export interface PersonExport {
  exportedAt: string;
  code: string;
  /** Oldest first. */
  enrolments: {
    id: string;
    createdAt: string;
    person: unknown;
    consent: { version: string; at: string } | null;
    /** What the page told of the presence check; null where no camera was asked. */
    presence: { result: 'passed' | 'skipped' | 'off'; at: string; actions: string[] } | null;
    photo: { stored: boolean; version: string | null; jpegBase64?: string };
    /** What the check saw in the picture; null where it was not kept. */
    seen: Inspection | null;
    deliveries: Delivery[];
    /** Whether the face is kept in numbers, for comparing tables with it. */
    faceKept: boolean;
    /** The first time a door knew the face, one for each platform that told. */
    proven: { platform: string; gate: string | null; at: string; similarity: number | null }[];
  }[];
  /** Rows of tables they were in, as long as those are kept. */
  imports: { line: number; cells: string[] }[];
  /** Newest first. */
  visits: { person: unknown; from: string; to: string; arrivedAt: string | null; leftAt: string | null }[];
  /** Doors they passed lately, newest first. The first pass of an enrolment is with its deliveries. */
  passes: { platform: string; gate: string | null; at: string; method: string; similarity: number | null }[];
  audit: Omit<AuditRow, 'hash'>[];
}

/**
 * One place somebody works at: Electron's window, or one browser session. It lives in memory, and so does who is signed in: a station that
 * starts again begins with nobody.
 */
export interface Seat {
  /** Whether an event may be told there now. */
  hears(event: EventName): boolean;
  /** What is told there of an event now: all of it, less at a window for visitors; null: nothing. */
  told<E extends EventName>(event: E, payload: Payload<E>): Payload<E> | null;
}

export interface Station {
  /** A place somebody works at: a window, or one browser session. Each has its own sign-in. `kiosk`: it serves visitors from the first. */
  seat(kiosk?: boolean): Seat;
  /**
   * Every call of the contract, from one seat (a new one by default): what may be called depends on who is signed in there.
   * @param pick lets a person choose a file, where the shell has a dialog for it
   */
  handlers(
    app: { version: string; shell: 'electron' | 'loopback'; lab: string | null },
    seat?: Seat,
    pick?: FilePicker,
  ): Handlers;
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
  /** Removes the person there, and here what belongs to these platforms (everything, when none is left). `['all']`: every one configured. */
  remove(code: string, from: readonly string[], signal: AbortSignal): Promise<Removal>;
  /** Removals that were asked for and wait for their platforms. */
  removals: {
    open(): { code: string; platform: string; askedAt: number }[];
    /** Tries them once more. */
    finish(signal: AbortSignal): Promise<void>;
  };
  /** Everything stored here about a person; FaultError `validation` when the code is not known. With their photos when asked for. */
  exportPerson(code: string, options?: { photos?: boolean }): Promise<PersonExport>;
  /** How well the station foretells what platforms say of pictures. Nobody is in it. */
  diagnostics: Diagnostics;
  audit: {
    /** Follows the whole chain. */
    verify(): AuditReport;
    /** Oldest first. */
    rows(code?: string): Iterable<AuditRow>;
  };
  /** Credentials of platforms; they go in and never come out. */
  secrets: SecretVault;
  pin: {
    /** Takes the PIN away without asking for it: for whoever owns the files. */
    clear(): void;
  };
  /** Who may sign in at the desk: for whoever owns the files, so no PIN is asked for. Each throws FaultError `validation`. */
  operators: {
    list(): Operator[];
    /** Whether a repair lost them: the desk is closed until one is added, or they are cleared on purpose. */
    isLost(): boolean;
    add(entry: { label: string; role: Role; pin: string }): Promise<Operator>;
    setPin(label: string, pin: string): Promise<void>;
    setRole(label: string, role: Role): Operator;
    remove(label: string): void;
    /** All of them: nobody has to sign in any more. */
    clear(): void;
    /** Whether a PIN, theirs or the supervisor's, keeps visitors in a window that serves them. */
    guard(): boolean;
  };
  /** Imports of tables with photos, from files of this machine. */
  imports: FileImports;
  /** Lets running requests finish for a moment, then interrupts them; nothing stays half-written. Idempotent. */
  close(): Promise<void>;
}

export interface StationEvents {
  'delivery.changed': Payload<'delivery.changed'>;
  'settings.changed': Payload<'settings.changed'>;
  'operators.changed': Payload<'operators.changed'>;
  'import.changed': Payload<'import.changed'>;
  'site.changed': Payload<'site.changed'>;
  'gates.passed': Payload<'gates.passed'>;
  'gates.proven': Payload<'gates.proven'>;
  'gates.watched': Payload<'gates.watched'>;
}

/** How well the station foretells what platforms say of pictures, and what a site may do about its thresholds. */
export interface Diagnostics {
  /** One entry for each platform that answered about a picture; by its id. */
  summary(): PlatformAgreement[];
  /** The latest disagreements one by one, oldest first. Nothing in it leads to a person. */
  csv(): string;
  /** Forgets what was counted of a platform, or (null) of all. */
  clear(platform: string | null): void;
}

export interface SecretVault {
  status(): Output<'vault.status'>;
  /** Throws FaultError `validation` for an unknown platform or a field that is no secret of it. */
  set(platform: string, field: string, value: string): void;
  clear(platform: string, field: string): void;
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
  /** `code` where a screen has words of its own for it. */
  readonly problems: readonly { path: string; message: string; code?: string }[];
  constructor(problems: ConfigError['problems'], where = 'configuration') {
    super([`${where}:`, ...problems.map(({ path, message }) => `  ${path ? `${path}: ` : ''}${message}`)].join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
