import { z } from 'zod';
import { LANGUAGES } from '../languages.ts';

/** Calls and settings of the kiosk: the window that serves visitors themselves. Entering and leaving it: `operators.ts`. */

/** What somebody may come to a kiosk for. `reenrol`: somebody known, by their code, for a new picture. */
export const KIOSK_PURPOSES = ['visit', 'staff', 'reenrol'] as const;
export type KioskPurpose = (typeof KIOSK_PURPOSES)[number];

const words = z.string().trim().min(1).max(8000).nullable();

/** The kiosk's part of the settings; defaults: `KIOSK_DEFAULTS`. */
export const kioskSettings = {
  /** After how long without a touch or a face the next person is expected, warning included. */
  kioskIdleSeconds: z.number().int().min(20).max(600),
  kioskPurposes: z.array(z.enum(KIOSK_PURPOSES)).min(1).max(KIOSK_PURPOSES.length),
  /** The site's own consent text by language, with the placeholders of `shared/kiosk-consent.ts`; null is the product's. */
  kioskConsent: z.strictObject({ en: words, 'zh-CN': words }),
  /** Instructions are spoken, where the machine has a voice of its own. */
  kioskVoice: z.boolean(),
  /** The screen lights the face when it is dark. */
  kioskRing: z.boolean(),
  /** Letters are typed on the screen: a touch kiosk has no keyboard, and a system without one of its own leaves visitors helpless. */
  kioskKeyboard: z.boolean(),
  /** Names of hosts are suggested from three letters on. Off unless a site wants it: whoever walks in could else ask who works there. */
  kioskHosts: z.boolean(),
};

export const KIOSK_DEFAULTS: z.infer<z.ZodObject<typeof kioskSettings>> = {
  kioskIdleSeconds: 60,
  kioskPurposes: ['visit', 'staff', 'reenrol'],
  kioskConsent: { en: null, 'zh-CN': null },
  kioskVoice: false,
  kioskRing: true,
  kioskKeyboard: true,
  kioskHosts: false,
};

/** So many letters are typed before a host is suggested. */
export const HOST_LETTERS = 3;

/** Which text a person agreed to, and when, ms since the epoch. */
export const consentSchema = z.strictObject({ version: z.string().trim().min(1).max(64), at: z.number().int().min(0) });
export type Consent = z.infer<typeof consentSchema>;

export const kioskCalls = {
  /**
   * What somebody is asked to agree to: the site's text about the systems and times that hold now. `version` names these very words; the
   * station keeps them under it.
   */
  'kiosk.consent': {
    input: z.strictObject({ language: z.enum(LANGUAGES), kind: z.enum(['staff', 'visitor']) }),
    output: z.object({ version: z.string(), text: z.string() }),
  },
  /**
   * A new picture of somebody known here, by their code. It is handed in, not put in the old one's place: what is there already is asked
   * about at the desk. Tells nothing about the person. Rejects with `validation`, `unknown-person`; with `rate`, `code-locked` (and
   * `retryAfterMs`) after several unknown codes; with `validation`, `consent` as `enrolment.create` does at a kiosk.
   */
  'kiosk.reenrol': {
    input: z.strictObject({
      code: z.string().trim().min(1).max(64),
      photo: z.string().min(1).max(128),
      consent: consentSchema,
    }),
    output: z.object({ id: z.string() }),
  },
  /**
   * Names of staff that begin like what a visitor typed, where the site switched it on: nobody for fewer than three letters, few at once,
   * and nothing but the name. Rejects with `rate` where somebody asks again and again.
   */
  'kiosk.hosts': {
    input: z.strictObject({ query: z.string().trim().max(64) }),
    output: z.array(z.object({ name: z.string() })),
  },
} as const;
