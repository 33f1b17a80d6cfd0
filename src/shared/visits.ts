import { z } from 'zod';
import { faultSchema } from './fault.ts';
import { personSchema } from './person.ts';

/** Words and pure rules about visits that the desk's page and the station share. Times are milliseconds since the epoch. */

/**
 * `expected`: their time has not come, or only just. `overdue`: they should have been here for a while. `here`: arrived, within their time.
 * `overstay`: arrived and past it. `left`: checked out.
 */
export const VISIT_STATES = ['expected', 'overdue', 'here', 'overstay', 'left'] as const;
export type VisitState = (typeof VISIT_STATES)[number];

/** A time of day, `HH:MM`, by the clock of the computer. */
const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;
export const timeOfDaySchema = z.string().regex(TIME_OF_DAY, 'a time of day, HH:MM');

export const isTimeOfDay = (text: string): boolean => TIME_OF_DAY.test(text);

const id = z.string().min(1).max(128);

export const visitSchema = z.object({
  id,
  code: z.string(),
  name: z.string(),
  state: z.enum(VISIT_STATES),
  from: z.number(),
  to: z.number(),
  arrivedAt: z.number().nullable(),
  leftAt: z.number().nullable(),
  /** Their newest enrolment; null while nobody has taken their picture. */
  enrolment: id.nullable(),
  /** As registered, or as last enrolled: what the form is filled with when they come. */
  person: personSchema,
  /** The host's name, where they were named by the code of somebody known here. */
  hostName: z.string().nullable(),
  /** Platforms that may still open doors for somebody who has left, by id; empty for everybody else. */
  accessLeft: z.array(id),
});
export type VisitView = z.infer<typeof visitSchema>;

/** What a platform gives a visitor to show at a door. */
export const platformPassSchema = z.object({
  platform: id,
  /** What a QR code has to hold, where the platform tells. */
  text: z.string().nullable(),
  /** The code as the platform drew it (PNG, JPEG or GIF), where it tells no text. */
  image: z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array, 'bytes').nullable(),
  /** Digits to type in its place. */
  pin: z.string().nullable(),
  validFrom: z.number().nullable(),
  validTo: z.number().nullable(),
  /** Why there is none; null where there is one. */
  fault: faultSchema.nullable(),
});
export type PlatformPass = z.infer<typeof platformPassSchema>;

/** When a visit is, in milliseconds since the epoch. */
export interface VisitWindow {
  from: number;
  to: number;
}

/** Somebody who comes so late in the day still gets this long. */
const LEAST_MS = 60 * 60_000;

/** A time of day, `HH:MM`, on the day of a time, both by this computer's clock. */
export function atClock(day: number, time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const at = new Date(day);
  return at.setHours(hours, minutes, 0, 0);
}

/** From a time until the end of that working day; when that is over, or nearly, for an hour. */
export function defaultWindow(from: number, workdayEnds: string): VisitWindow {
  return { from, to: Math.max(atClock(from, workdayEnds), from + LEAST_MS) };
}

/** The window of a day by this computer's clock: from midnight to midnight, whatever the clocks do in between. */
export function dayOf(at: number): VisitWindow {
  const begin = new Date(at);
  begin.setHours(0, 0, 0, 0);
  const end = new Date(begin);
  end.setDate(end.getDate() + 1);
  return { from: begin.getTime(), to: end.getTime() };
}

/** Letters and digits nobody mistakes for one another, on paper or by ear. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_CHARACTERS = 5;

/**
 * A code for somebody who brings none: `V`, the day, and five characters by chance. Letters and digits, twelve of them: what every
 * platform takes (the narrowest: 16).
 * @param random a whole number from 0 up to, not including, its argument
 */
export function visitorCode(at: number, random: (below: number) => number): string {
  const day = new Date(at);
  const two = (value: number) => String(value % 100).padStart(2, '0');
  const date = two(day.getFullYear()) + two(day.getMonth() + 1) + two(day.getDate());
  const chance = Array.from({ length: RANDOM_CHARACTERS }, () => ALPHABET[random(ALPHABET.length)]).join('');
  return `V${date}${chance}`;
}

/** Whether a code is one that was made so. */
export const isVisitorCode = (code: string): boolean =>
  new RegExp(`^V\\d{6}[${ALPHABET}]{${RANDOM_CHARACTERS}}$`).test(code);
