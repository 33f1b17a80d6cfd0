import { z } from 'zod';
import { limitSchema } from '../quality.ts';

/**
 * How a platform's answer about a picture compares with what was foretold: `agreed`; `strict`, a refusal was foretold and the picture was taken;
 * `lenient`, the picture was refused and nothing had warned of it; `other`, it was refused for another reason than the one foretold.
 */
export const VERDICTS = ['agreed', 'strict', 'lenient', 'other'] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * What to do about disagreements over a measure. `tighten`, `relax`: set the limit. `done`: the limit of today would have caught them all. `keep`:
 * the limit of today lets all of them through, and the platform took them. `unseen`: what was measured is good by any standard, so no limit would
 * have helped. `framing`: the station frames what it sends, so no limit of the site decides about it. `none`: nothing that is measured here.
 */
const ADVICE_KINDS = ['tighten', 'relax', 'done', 'keep', 'unseen', 'framing', 'none'] as const;

const advice = z.object({
  kind: z.enum(ADVICE_KINDS),
  /** The whole limit to write under `quality.<measure>` of the configuration; null where nothing is to be changed. */
  limit: limitSchema.nullable(),
  /** There are too few to change anything by. */
  few: z.boolean(),
});
export type TrimAdvice = z.infer<typeof advice>;

const measured = z.object({
  verdict: z.enum(['strict', 'lenient', 'other']),
  /** Null: the platform's codes are about nothing that is measured here. `faces`: how many there are. */
  measure: z.string().nullable(),
  count: z.number().int(),
  /** Codes the platform answered with, or (`strict`) that were foretold. */
  codes: z.array(z.string()),
  /** Newest first, at most 20. */
  values: z.array(z.number()),
  /** How far the platform is believed to let the measure go; the latest of them. */
  believed: limitSchema,
  /** The limit the gate judges by today for this platform; null where it has none. */
  current: limitSchema.nullable(),
  advice,
});
export type MeasuredDisagreement = z.infer<typeof measured>;

const platformAgreement = z.object({
  platform: z.string(),
  kind: z.string(),
  /** False: it is not in the configuration any more. */
  configured: z.boolean(),
  /** Answers about pictures of which something was foretold: the four below together. */
  answers: z.number().int(),
  agreed: z.number().int(),
  strict: z.number().int(),
  lenient: z.number().int(),
  other: z.number().int(),
  /** First and latest of them, ms since the epoch, to the hour. */
  since: z.number(),
  lastAt: z.number(),
  /** Most frequent first. Older disagreements than the 500 latest of a platform are counted above and no longer told here. */
  measures: z.array(measured),
});
export type PlatformAgreement = z.infer<typeof platformAgreement>;

/** Calls about how well the station foretells what platforms say of pictures. Nothing in them leads to a person. */
export const qualityCalls = {
  'quality.disagreements': { input: z.undefined(), output: z.array(platformAgreement) },
  /** The disagreements one by one, as CSV for a file. */
  'quality.disagreements.export': { input: z.undefined(), output: z.object({ csv: z.string() }) },
  /** Forgets counts and disagreements of one platform, or (null) of all. */
  'quality.disagreements.clear': {
    input: z.strictObject({ platform: z.string().min(1).max(128).nullable() }),
    output: z.undefined(),
  },
} as const;
