import { z } from 'zod';
import { faceCalls } from './calls/faces.ts';
import { gateCalls, gateEvents } from './calls/gates.ts';
import { importCalls, importEvents } from './calls/import.ts';
import { keyCalls } from './calls/key.ts';
import { consentSchema as consent, KIOSK_DEFAULTS, kioskCalls, kioskSettings } from './calls/kiosk.ts';
import { operatorCalls } from './calls/operators.ts';
import { outboxCalls } from './calls/outbox.ts';
import { presenceCalls, presenceReport, presenceSetting } from './calls/presence.ts';
import { qualityCalls } from './calls/quality.ts';
import { selftestCalls } from './calls/selftest.ts';
import { RETENTION_DEFAULTS, retentionSettings, siteCalls, siteEvents } from './calls/site.ts';
import { visitCalls } from './calls/visits.ts';
import type { CallName, EventName } from './channels.ts';
import { consentTextSchema } from './consent.ts';
import { deliverySchema } from './delivery.ts';
import { enrolmentView } from './enrolment-view.ts';
import { type Fault, faultSchema } from './fault.ts';
import { LANGUAGES } from './languages.ts';
import { pinSchema } from './operators.ts';
import { peoplePageSchema, personDetailSchema, removalReceiptSchema } from './people.ts';
import { personSchema } from './person.ts';
import { criteriaSchema, PRESETS } from './quality.ts';
import { timeOfDaySchema } from './visits.ts';

/**
 * The contract between screens and station: every call and every event, one object, from which both shells' servers, the preload's
 * surface and the renderer's client are derived. Arguments are validated in main before anything is done with them; the renderer is
 * not trusted. Binary data is `Uint8Array`. Files cross as bytes and come back as tokens; paths never cross.
 */

const bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array, 'bytes');
const none = z.undefined();
const id = z.string().min(1).max(128);

export type { EnrolmentView } from './enrolment-view.ts';

export { LANGUAGES } from './languages.ts';

/** Settings a person at the desk may change. Secrets are not settings (vault). */
export const settingsSchema = z.strictObject({
  language: z.enum(LANGUAGES).nullable(),
  cameraId: z.string().max(512).nullable(),
  mirror: z.boolean(),
  autoCapture: z.boolean(),
  preset: z.enum(PRESETS),
  /** Limits of this desk's own, over the preset's (`quality` of a configuration outranks both). */
  limits: criteriaSchema,
  /** Whether the person does something unforeseen before the picture is taken (`shared/presence.ts`). */
  presence: presenceSetting,
  /** Platform ids to enrol on; null means all that are configured. */
  targets: z.array(id).nullable(),
  /** After how long without anybody at the desk it locks, where operators sign in; null never. */
  lockAfterMinutes: z.number().int().min(1).max(480).nullable(),
  /** Until when a visit lasts that nobody gave an end, `HH:MM` by the station's clock. */
  workdayEnds: timeOfDaySchema,
  /** How long things are kept, in days; what the configuration says outranks it. */
  retention: retentionSettings,
  /** Whether tables are compared with the faces of people enrolled at this desk; what the configuration says outranks it. */
  compareDesk: z.boolean(),
  ...kioskSettings,
});
export type Settings = z.infer<typeof settingsSchema>;

/** The settings of a station nobody has touched. `language: null` follows the system. */
export const DEFAULT_SETTINGS: Settings = {
  language: null,
  cameraId: null,
  mirror: true,
  autoCapture: true,
  preset: 'standard',
  limits: {},
  presence: 'off',
  targets: null,
  lockAfterMinutes: 5,
  workdayEnds: '18:00',
  retention: RETENTION_DEFAULTS,
  compareDesk: false,
  ...KIOSK_DEFAULTS,
};

const platformView = z.object({
  id,
  kind: z.string(),
  title: z.string(),
  /** Host and port, never credentials. */
  host: z.string(),
  capabilities: z.array(z.string()),
  /** Person fields it demands beyond kind, code and a name. */
  required: z.object({ staff: z.array(z.string()), visitor: z.array(z.string()) }),
});
export type PlatformView = z.infer<typeof platformView>;

const reason = z.object({
  measure: z.string(),
  value: z.number().nullable(),
  limit: z.object({ min: z.number().optional(), max: z.number().optional() }),
});

const photoView = z.object({
  /** Names the photo in later calls; good until the station stops or the photo is discarded. Null when it was not accepted. */
  token: z.string().nullable(),
  accepted: z.boolean(),
  faces: z.number().int(),
  reasons: z.array(reason),
  /** What each configured platform's own quality service would answer; platforms that would pass are absent. */
  predictions: z.record(z.string(), z.object({ code: z.union([z.string(), z.number()]), message: z.string() })),
  /** The upright, face-centred picture that will be sent, JPEG; null without a face. */
  preview: bytes.nullable(),
});
export type PhotoView = z.infer<typeof photoView>;

const code = z.string().trim().min(1).max(64);
const pin = pinSchema;
const onExisting = z.enum(['update', 'stop']).default('update');
const onSimilar = z.enum(['ask', 'force', 'stop']).default('ask');

const fieldProblem = z.object({ field: z.string(), message: z.string(), platform: z.string().optional() });

/** Every call: the schema of its one argument and of its result. */
export const contract = {
  'app.info': {
    input: none,
    output: z.object({
      version: z.string(),
      shell: z.enum(['electron', 'loopback']),
      /** Address of the lab's page when the simulated platforms are embedded, else null. */
      lab: z.string().nullable(),
      /** What people are asked to agree to; absent where the site asks for nothing. */
      consent: consentTextSchema.optional(),
    }),
  },
  'settings.get': { input: none, output: settingsSchema },
  'settings.set': { input: settingsSchema.partial(), output: settingsSchema },
  /** The criteria the live check judges by: preset, site's overrides, platforms' demands. */
  'quality.criteria': { input: none, output: criteriaSchema },
  ...qualityCalls,
  'platforms.list': { input: none, output: z.array(platformView) },
  'platforms.test': {
    input: z.strictObject({ id }),
    output: z.object({
      ok: z.boolean(),
      skewMs: z.number().nullable(),
      detail: z.string().nullable(),
      fault: faultSchema.nullable(),
    }),
  },
  /** Everything wrong with a person for these platforms, before anything is sent; empty when fine. */
  'person.check': {
    input: z.strictObject({ person: z.unknown(), to: z.array(id).max(64) }),
    output: z.array(fieldProblem),
  },
  /** Hands a picture (any format the station reads, at most 50 MB) to the station, which looks at it with its own eyes. */
  'photo.submit': {
    input: z.strictObject({ bytes, source: z.enum(['camera', 'file']), presence: presenceReport.optional() }),
    output: photoView,
  },
  'photo.discard': { input: z.strictObject({ token: id }), output: none },
  /** Writes the enrolment and its deliveries to the journal and starts delivering. Rejects before writing when anything is missing. */
  'enrolment.create': {
    input: z.strictObject({
      photo: id,
      person: personSchema,
      to: z.array(id).min(1).max(64),
      onExisting,
      onSimilar,
      consent: consent.optional(),
      /** The supervisor's, needed for `onSimilar: 'force'` where one is set (`pin.status`); else the fault is `auth`, `pin-required`. */
      pin: pin.optional(),
    }),
    output: enrolmentView,
  },
  'enrolment.get': { input: z.strictObject({ id }), output: enrolmentView },
  /** Newest first. */
  'enrolment.list': {
    input: z.strictObject({ limit: z.number().int().min(1).max(200) }),
    output: z.array(enrolmentView),
  },
  /** Tries a waiting, refused or abandoned delivery again, now. */
  'delivery.retry': { input: z.strictObject({ id }), output: deliverySchema },
  /** Answers a question; `stop` also gives up what is queued, waits or was refused. `force` needs the PIN where one is set. */
  'delivery.answer': {
    input: z.strictObject({ id, answer: z.enum(['force', 'stop']), pin: pin.optional() }),
    output: deliverySchema,
  },
  ...outboxCalls,
  /** People by the beginning of their code or of a word of their name, last enrolled first; everybody for an empty query. */
  'people.find': {
    input: z.strictObject({
      query: z.string().trim().max(255),
      limit: z.number().int().min(1).max(100).default(50),
      offset: z.number().int().min(0).default(0),
    }),
    output: peoplePageSchema,
  },
  'people.get': { input: z.strictObject({ code }), output: personDetailSchema },
  /**
   * Enrols somebody known once more: with a new photo (token), or on another platform with the stored one (`photo: null`), which
   * rejects with `photo-gone` when it was deleted: then ask for a new one. `person` where something about them changed.
   */
  'people.enrol': {
    input: z.strictObject({
      code,
      photo: id.nullable(),
      to: z.array(id).min(1).max(64),
      person: personSchema.optional(),
      onExisting,
      onSimilar,
      consent: consent.optional(),
      pin: pin.optional(),
    }),
    output: enrolmentView,
  },
  /** Asks every platform that can tell, now. */
  'people.verify': {
    input: z.strictObject({ code }),
    output: z.array(
      z.object({
        platform: id,
        person: z.boolean(),
        photo: z.boolean().nullable(),
        access: z.enum(['applied', 'pending', 'failed', 'none']).nullable(),
        personId: z.string().nullable(),
        detail: z.string().nullable(),
        /** Null when the platform answered. */
        fault: faultSchema.nullable(),
      }),
    ),
  },
  /** Removes somebody from platforms and here; `from: null` is all platforms configured. */
  'people.remove': {
    input: z.strictObject({ code, from: z.array(id).min(1).max(64).nullable() }),
    output: z.object({
      /** `again`: the platform is asked again by itself until it answers. */
      results: z.array(
        z.object({ platform: id, removed: z.boolean(), fault: faultSchema.nullable(), again: z.boolean() }),
      ),
      receipt: removalReceiptSchema,
    }),
  },
  /** All that is stored about somebody, as JSON text for a file. */
  'people.export': { input: z.strictObject({ code }), output: z.object({ json: z.string() }) },
  /** Credentials of platforms: whether they are set and from where, never their values. `origin: 'vault'` is what `vault.set` fills. */
  'vault.status': {
    input: none,
    output: z.array(
      z.object({
        platform: id,
        field: z.string(),
        origin: z.enum(['config', 'env', 'vault', 'none']),
        set: z.boolean(),
        /** Whether the vault holds one, used or not. */
        inVault: z.boolean(),
        updatedAt: z.number().nullable(),
      }),
    ),
  },
  'vault.set': {
    input: z.strictObject({ platform: id, field: z.string().min(1).max(64), value: z.string().min(1).max(4096) }),
    output: none,
  },
  'vault.clear': { input: z.strictObject({ platform: id, field: z.string().min(1).max(64) }), output: none },
  /** Tries a platform with the secrets it has now. */
  'vault.test': {
    input: z.strictObject({ platform: id }),
    output: z.object({ ok: z.boolean(), fault: faultSchema.nullable() }),
  },
  'pin.status': { input: none, output: z.object({ set: z.boolean(), lockedForMs: z.number().nullable() }) },
  /** Sets or (null) takes away the supervisor's PIN; where one is set, `current` must be it. */
  'pin.set': { input: z.strictObject({ pin: pin.nullable(), current: pin.optional() }), output: none },
  /** The supervisor's, or one's own where operators sign in. Rejects with `auth`: `pin-wrong` or `pin-locked` (with `retryAfterMs`). */
  'pin.check': { input: z.strictObject({ pin }), output: none },
  /** Whether the audit trail is whole; `seq` is the first row that is not as it was written. */
  'audit.status': {
    input: none,
    output: z.object({
      whole: z.boolean(),
      rows: z.number().int(),
      seq: z.number().int().nullable(),
      reason: z.string().nullable(),
    }),
  },
  ...operatorCalls,
  ...keyCalls,
  ...faceCalls,
  ...presenceCalls,
  ...importCalls,
  ...visitCalls,
  ...gateCalls,
  ...kioskCalls,
  ...siteCalls,
  ...selftestCalls,
} satisfies Record<CallName, { input: z.ZodType; output: z.ZodType }>;

/** Every event: the schema of its payload. */
export const events = {
  'delivery.changed': deliverySchema,
  'settings.changed': settingsSchema,
  /** Who may sign in has changed: ask `operators.status`. */
  'operators.changed': z.object({}),
  ...importEvents,
  ...siteEvents,
  ...gateEvents,
} satisfies Record<EventName, z.ZodType>;

export type Contract = typeof contract;
/** What a caller passes (defaults not yet filled in). */
export type Input<N extends CallName> = z.input<Contract[N]['input']>;
/** What a handler receives (validated, defaults filled in). */
export type Received<N extends CallName> = z.output<Contract[N]['input']>;
export type Output<N extends CallName> = z.output<Contract[N]['output']>;
export type Payload<E extends EventName> = z.output<(typeof events)[E]>;

/** One implementation of every call: what a station hands to a shell. */
export type Handlers = { [N in CallName]: (input: Received<N>) => Promise<Output<N>> };

/** A call's answer as it crosses a shell: a value or a fault, never a thrown object whose fields a channel would drop. */
export type Reply<T> = { ok: true; value: T } | { ok: false; fault: Fault };

/** What the preload (or the loopback client) puts on `window.vestibule`. */
export interface VestibuleBridge {
  call(name: CallName, input: unknown): Promise<Reply<unknown>>;
  /** Returns the function that stops listening. */
  on(name: EventName, listener: (payload: unknown) => void): () => void;
}

/**
 * Validates a raw call and runs its handler. The one gate both shells use: unknown names, wrong arguments and faults become
 * `{ok:false}` replies. `toFault` turns what a handler threw into a fault (and may log it): the caller sees no inner detail.
 */
export async function dispatch(
  handlers: Handlers,
  name: string,
  input: unknown,
  toFault: (error: unknown) => Fault,
): Promise<Reply<unknown>> {
  if (!Object.hasOwn(contract, name)) {
    return { ok: false, fault: { kind: 'validation', code: 'unknown-call', message: 'no such call' } };
  }
  const call = name as CallName;
  const parsed = contract[call].input.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    return {
      ok: false,
      fault: {
        kind: 'validation',
        code: 'argument',
        message: `${field || 'argument'}: ${issue?.message ?? 'wrong'}`,
        field,
      },
    };
  }
  try {
    const handler = handlers[call] as (value: unknown) => Promise<unknown>;
    return { ok: true, value: await handler(parsed.data) };
  } catch (error) {
    return { ok: false, fault: toFault(error) };
  }
}
