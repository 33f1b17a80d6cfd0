import { randomBytes } from 'node:crypto';
import { rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { StationStep, StepResult } from '#shared/calls/selftest';
import type { Inspection } from '#shared/measures';
import type { Inspector, KeySource } from '../api.ts';
import { writeDurably } from '../files.ts';
import type { Journal } from '../journal/index.ts';
import { loadKeys } from '../vault/key.ts';
import { DRAWN_FACE } from './drawn-face.ts';

export interface SelftestDeps {
  dataDir: string;
  journal: Journal;
  inspector: Inspector;
  key: KeySource;
  now(): number;
  closing: AbortSignal;
}

const MB = 1024 * 1024;
/** Below this nothing should be begun any more; below the other it is time to make room. */
const SPACE = { badMb: 200, warnMb: 2_000 } as const;
/** A clock before this has lost its battery: no program is older than its making. */
const EARLIEST = Date.UTC(2025, 0, 1);
/** The audit trail may be this much ahead: clocks are corrected by a little all the time. */
const BACK_MS = 60_000;

const good = (facts: Record<string, number> = {}): StepResult => ({ state: 'good', code: 'fine', facts });
const bad = (code: StepResult['code'], facts: Record<string, number> = {}): StepResult => ({
  state: 'bad',
  code,
  facts,
});
const warn = (code: StepResult['code'], facts: Record<string, number> = {}): StepResult => ({
  state: 'warn',
  code,
  facts,
});

/** Whether the drawn face was seen as it is drawn (pure): alone, from the front, and as large. */
export function judgeLook({ faces, measures, ms }: Pick<Inspection, 'faces' | 'measures' | 'ms'>): StepResult {
  const { yaw, interEyeDistance } = measures;
  const facts = { faces: faces.length, ms: Math.round(ms) };
  const straight = yaw !== null && Math.abs(yaw) < 8;
  const sized = interEyeDistance !== null && Math.abs(interEyeDistance - 117) < 12;
  return faces.length === 1 && straight && sized ? good(facts) : bad('odd-look', facts);
}

/** What free space means (pure). */
export function judgeSpace(freeMb: number): StepResult {
  if (freeMb < SPACE.badMb) return bad('full', { freeMb });
  return freeMb < SPACE.warnMb ? warn('nearly-full', { freeMb }) : good({ freeMb });
}

/** What the clock says beside the last thing that was written down (pure). */
export function judgeClock(now: number, lastAt: number | null): StepResult {
  if (now < EARLIEST) return bad('clock-unset');
  if (lastAt !== null && lastAt - now > BACK_MS)
    return bad('clock-back', { minutes: Math.round((lastAt - now) / 60_000) });
  return good();
}

/** The steps of the self-test that are the station's. What they tell are codes and numbers: nothing of anybody. */
export function createSelftest({ dataDir, journal, inspector, key, now, closing }: SelftestDeps) {
  const steps: Record<StationStep, () => Promise<StepResult>> = {
    async check() {
      const bytes = await sharp(Buffer.from(DRAWN_FACE)).jpeg({ quality: 92 }).toBuffer();
      try {
        return judgeLook(await inspector.inspect({ bytes }, closing));
      } catch {
        return bad('no-look');
      }
    },
    async disk() {
      const probe = join(dataDir, `.probe-${randomBytes(8).toString('hex')}`);
      try {
        await writeDurably(probe, randomBytes(64 * 1024));
      } catch {
        return bad('unwritable');
      } finally {
        await rm(probe, { force: true });
      }
      const { bavail, bsize } = await statfs(dataDir);
      const space = judgeSpace(Math.floor((bavail * bsize) / MB));
      const { mode } = await stat(dataDir);
      const open = process.platform !== 'win32' && (mode & 0o077) !== 0;
      return open && space.state === 'good' ? warn('readable', space.facts) : space;
    },
    journal: async () => (journal.isWhole() ? good() : bad('damaged')),
    async audit() {
      const { whole, rows } = journal.audit.verify();
      return whole ? good({ rows }) : bad('changed', { rows });
    },
    async key() {
      try {
        const keys = await loadKeys(key);
        journal.demandKey();
        if (!keys.some((one) => journal.isUnder(one))) return bad('key-lost');
        return keys.length > 1 ? warn('key-interrupted') : good();
      } catch {
        return bad('key-lost');
      }
    },
    clock: async () => judgeClock(now(), journal.audit.lastAt()),
  };
  return {
    run: (step: StationStep): Promise<StepResult> => steps[step](),
  };
}
