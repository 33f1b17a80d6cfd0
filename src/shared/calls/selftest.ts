import { z } from 'zod';

/** The parts of the self-test that the station does; camera and live check are the page's, platforms have `platforms.test`. */
export const STATION_STEPS = ['check', 'disk', 'journal', 'audit', 'key', 'clock'] as const;
export type StationStep = (typeof STATION_STEPS)[number];

/** What a step told; with the step it names its words. */
const STEP_CODES = [
  'fine',
  'no-camera',
  'camera-denied',
  'camera-trouble',
  'models-missing',
  'no-look',
  'odd-look',
  'unwritable',
  'full',
  'nearly-full',
  'readable',
  'damaged',
  'changed',
  'key-lost',
  'key-interrupted',
  'clock-back',
  'clock-unset',
  'skew',
  'refused',
  'unanswered',
] as const;

/** Codes and numbers alone: nothing in it can name anybody, so that the whole may be handed on. */
const stepResult = z.strictObject({
  state: z.enum(['good', 'warn', 'bad']),
  code: z.enum(STEP_CODES),
  facts: z.record(z.string(), z.number()),
});
export type StepResult = z.infer<typeof stepResult>;

export const selftestCalls = {
  /** Does one step now. Never rejects for what it finds. */
  'selftest.step': { input: z.strictObject({ step: z.enum(STATION_STEPS) }), output: stepResult },
} as const;
