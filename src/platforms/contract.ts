import type { z } from 'zod';
import type { Question } from '#shared/delivery';
import type { Inspection } from '#shared/measures';
import type { FieldProblem, Person, PersonField } from '#shared/person';
import type { Criteria, Limit, Reason } from '#shared/quality';
import type { Catalogue, Credentials, Doors, Groups, Residents, Rights, Terminal } from './site-contract.ts';

/**
 * The contract of a platform's room, in the station's own words. A room owns its signature, its wire schemas, its steps, its
 * faults and its rules; the station knows none of them. Rooms share this file, `site-contract.ts` and `core/` and nothing else.
 */

export const PLATFORM_KINDS = ['hcp', 'device', 'senselink', 'megvii', 'hikconnect'] as const;
export type PlatformKind = (typeof PLATFORM_KINDS)[number];

/** What a platform can do; screens and CSV mapping draw themselves from it, and nobody asks for what is not listed. */
export type Capability =
  | 'visitor'
  | 'quality'
  | 'verify'
  | 'remove'
  | 'access'
  /** `Connector.catalogue` */
  | 'catalogue'
  /** `Connector.similar` */
  | 'similar'
  /** `Connector.search` */
  | 'search'
  /** `Connector.pass` */
  | 'pass'
  /** `Connector.records` */
  | 'records'
  /** `Connector.portrait` */
  | 'portrait'
  /** `Connector.criteria` */
  | 'criteria'
  /** `Connector.groups` */
  | 'groups'
  /** `Connector.rights` */
  | 'rights'
  /** `Connector.credentials` */
  | 'credentials'
  /** `Connector.residents` */
  | 'residents'
  /** `Connector.watch` */
  | 'watch'
  /** `Connector.terminal` */
  | 'terminal'
  /** `Connector.doors` */
  | 'doors';

/** The photo a platform takes. The station's imaging makes it: upright, without EXIF, face-centred, within both limits. */
export interface RenditionSpec {
  /** Pixels of the picture sent; portrait format. */
  width: number;
  height: number;
  /** Largest JPEG in bytes. */
  maxBytes: number;
  /** Share of the picture's height that the head (crown to chin) takes, 0–1. */
  headShare: number;
}

/** A rendition made for one platform. */
export interface Photo {
  /** JPEG, upright, EXIF-free, as the platform's `RenditionSpec` asks. */
  bytes: Uint8Array;
  /** Identifies the *master* photo (hex digest): equal versions need not be sent twice. At most 64 characters. */
  version: string;
}

/** What a platform's own quality service would say of a picture; null where it would pass. */
export interface Prediction {
  code: string | number;
  message: string;
}

/** A measure that an answer about a picture's quality is about, and how far the platform is believed to let it go. */
export interface Concern {
  measure: Reason['measure'];
  limit: Limit;
}

/**
 * Requests that every process of a data folder shares, for accounts whose platform counts them: a kiosk and a command beside it together
 * stay below the limit.
 */
export interface SharedPace {
  /**
   * Takes one of `limit` places of an account, or says how long until one may be free. A place is free again one window after its answer;
   * one whose answer never comes (its process died), after `holdMs` and the window.
   */
  take(
    account: string,
    rule: { limit: number; windowMs: number; holdMs: number },
  ): { place: number } | { waitMs: number };
  /** The request that had this place was answered, or ended without an answer. */
  answered(place: number): void;
}

/** Everything a connector uses from outside, so that time, randomness and the network are the test's to choose. */
export interface ConnectorDeps {
  /** Milliseconds since the epoch. */
  now(): number;
  /** A fresh nonce: 32 or more hexadecimal digits. */
  nonce(): string;
  /** Sleeps; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Absent where no data folder is shared: then a process counts for itself. */
  pace?: SharedPace;
  /** Folder that relative file names in the configuration (`tls.ca`) are resolved against. */
  configDir: string;
}

/**
 * Runs one step of a delivery under the journal: written before the request, its outcome after. `name` is the platform's own
 * word for the call (`single/add`, `qualityJudge`). The value passes through.
 */
export type StepRunner = <T>(name: string, run: () => Promise<T>) => Promise<T>;

/** One person to be enrolled on one platform. */
export interface EnrolJob {
  person: Person;
  photo: Photo;
  /** What to do when our key is already there: bring it up to date, or stop with `exists`. */
  onExisting: 'update' | 'stop';
  /** What to do when the platform sees a similar face: ask, enrol all the same, or stop with `similar`. */
  onSimilar: 'ask' | 'force' | 'stop';
  /**
   * An earlier attempt of this very delivery may have acted without our hearing of it (a time-out, a crash): somebody with our key who is
   * there now may be our own half-done work, and is then brought up to date even under `onExisting: 'stop'`.
   */
  resumed: boolean;
  /** The platform's own id of this person from an earlier attempt or enrolment; a hint, never trusted without a look-up. */
  knownPersonId: string | null;
  /** Whether somebody stands and waits for it: platforms with a limit on requests serve the desk before a batch, starving neither. Default `desk`. */
  urgency?: 'desk' | 'batch';
  signal: AbortSignal;
  step: StepRunner;
}

export type EnrolOutcome =
  | { state: 'delivered'; personId: string; created: boolean; warnings: string[] }
  | { state: 'asking'; question: Question };

export interface TestReport {
  /** Platform's clock minus ours in milliseconds; null where it tells no time. */
  skewMs: number | null;
  /** What answered, in the platform's words (product, version, device name), if it says. No secrets. */
  detail: string | null;
}

export interface Verification {
  person: boolean;
  photo: boolean | null;
  /** Whether the doors have it: null where the platform does not tell. */
  access: 'applied' | 'pending' | 'failed' | 'none' | null;
  personId: string | null;
  detail: string | null;
  /** The code by which a door, or the platform after it had accepted the person, refused the picture itself; absent where none did. */
  refusal?: { code: string; message: string };
}

/** Somebody a platform holds whose face is like the one asked for. */
export interface SimilarFace {
  personId: string;
  code: string | null;
  name: string | null;
  /** 0–1, the platform's own measure. */
  similarity: number;
}

/** Somebody a platform holds, as a search by name finds them. */
export interface FoundPerson {
  /** Our key; null for somebody who was put there without one. */
  code: string | null;
  name: string;
  department: string | null;
}

/** Somebody a platform holds: by its own id, or by our key where that is all there is. */
export interface HeldPerson {
  personId: string | null;
  code: string | null;
  kind: Person['kind'];
}

/** A visitor's pass as a platform gives it. */
export interface Pass {
  /** What a QR code should hold, where the platform tells; null when it only gives a picture. */
  text: string | null;
  /** PNG, JPEG or GIF of the code, as its first bytes say; null when it only tells the text. */
  image: Uint8Array | null;
  /** Digits to type at the door in place of the code; absent or null where the platform gives none. */
  pin?: string | null;
  /** ISO 8601 with offset; null where the platform sets no limit. */
  validFrom: string | null;
  validTo: string | null;
}

/** One recognition at a door. */
export interface RecognitionRecord {
  id: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** Our key of the person; null for a stranger or where the platform does not tell. */
  code: string | null;
  personId: string | null;
  kind: Person['kind'] | 'stranger' | 'other';
  /** Where: door or device, in the platform's words. */
  place: string | null;
  /** How: a face, a card, a code. */
  method: 'face' | 'card' | 'code' | 'other';
  /** 0–1, where the platform tells. */
  similarity: number | null;
  /** Whether the door let them through; null where the platform does not tell. */
  passed: boolean | null;
}

/**
 * A live connection to one configured platform. Every method rejects with `FaultError` (never anything else) and honours the signal.
 *
 * `enrol` is idempotent: it begins by looking the person up by our key, so that after a crash or a lying time-out the same call goes on
 * where the platform really is. It never adds before it has looked.
 */
export interface Connector {
  enrol(job: EnrolJob): Promise<EnrolOutcome>;
  test(signal: AbortSignal): Promise<TestReport>;
  verify(code: string, kind: Person['kind'], signal: AbortSignal): Promise<Verification>;
  /** Removes the person there; `false` when nobody with that code was there. */
  remove(code: string, kind: Person['kind'], signal: AbortSignal): Promise<boolean>;
  /** What the site has to choose from. Present with the capability `catalogue`; the same holds for those below. */
  catalogue?(signal: AbortSignal): Promise<Catalogue>;
  /** Who looks like this, most alike first; asked before an enrolment. */
  similar?(photo: Photo, signal: AbortSignal): Promise<SimilarFace[]>;
  /**
   * Staff with this text in their name, as far as the platform tells staff from visitors: one request, one page and no more, for somebody who
   * is typing. What a platform finds may only resemble it. Nobody for a blank text, or one no name there can have: then nothing is asked.
   */
  search?(name: string, signal: AbortSignal): Promise<FoundPerson[]>;
  /**
   * The picture a platform keeps of somebody, as it came and at most a few megabytes, for a person at the desk to compare with: fetched when asked,
   * never kept. Null where there is nobody, no picture, or none is handed out.
   */
  portrait?(who: HeldPerson, signal: AbortSignal): Promise<Uint8Array | null>;
  /** The pass of a visitor who is enrolled; null when nobody with that code is there. */
  pass?(code: string, signal: AbortSignal): Promise<Pass | null>;
  /** Recognitions of a time, oldest first, page by page. `from` and `to` in milliseconds since the epoch. */
  records?(range: { from: number; to: number; code?: string }, signal: AbortSignal): AsyncIterable<RecognitionRecord>;
  /**
   * The criteria this very platform judges pictures by, in the house's measures, so that the gate can take the strictest; what cannot be told in
   * our measures is left out. Null where it does not tell any. Cached; `test` reads them afresh.
   */
  criteria?(signal: AbortSignal): Promise<Criteria | null>;
  groups?: Groups;
  rights?: Rights;
  credentials?: Credentials;
  residents?: Residents;
  /** Tells each recognition as it happens, reconnecting by itself, until the signal is aborted; then it resolves. */
  watch?(listener: (record: RecognitionRecord) => void, signal: AbortSignal): Promise<void>;
  terminal?: Terminal;
  doors?: Doors;
  /** Whether requests go out at present: a platform that failed several times in a row is left alone a while. No request is made. */
  circuit?(): 'closed' | 'open' | 'half-open';
  /** The platform's clock minus ours as its last answers told it, milliseconds; null as long as none did. No request is made. */
  skewMs?(): number | null;
  close(): Promise<void>;
}

/** A platform's room as its `index.ts` exports it. `Config` is the entry of the configuration file, secrets already resolved to strings. */
export interface PlatformDefinition<Config extends PlatformConfigBase = PlatformConfigBase> {
  kind: PlatformKind;
  /** The product's own name, shown as is. */
  title: string;
  /** Strict: an unknown field is an error that names it. */
  config: z.ZodType<Config>;
  /** Names of config fields that are secrets. */
  secrets: readonly string[];
  capabilities: readonly Capability[];
  rendition: RenditionSpec;
  /** Fields this platform demands of such a person beyond kind, code and a name. */
  required(kind: Person['kind']): readonly PersonField[];
  /** What this platform would refuse about the person, before anything is sent: missing, too long, wrong alphabet. Empty when fine. */
  problems(person: Person): FieldProblem[];
  /**
   * What its quality service would answer to this picture; null where it would pass or has none. `live` is what `Connector.criteria` told: it
   * takes the place of the room's own estimates for what it covers.
   */
  predict(inspection: Inspection, live?: Criteria | null): Prediction | null;
  /**
   * The measures one of its answers about quality is about, with the limits `predict` believes in, for comparing the two. Absent, or empty for
   * a code, where none of our measures tells.
   */
  concerns?(code: string, live?: Criteria | null): readonly Concern[];
  /** Names of the steps of `enrol` in which the platform judges the picture: one that is done took it. Absent where none does. */
  judging?: readonly string[];
  create(config: Config, deps: ConnectorDeps): Connector;
}

/** Fields every platform's configuration has (interfaces.md). Declared as a schema in `core/config.ts`. */
export interface PlatformConfigBase {
  kind: PlatformKind;
  baseUrl: string;
  tls?: { ca?: string | undefined; fingerprint256?: string | undefined } | undefined;
  allowHttp?: boolean | undefined;
  timeouts?:
    | { connectMs?: number | undefined; headersMs?: number | undefined; bodyMs?: number | undefined }
    | undefined;
}
