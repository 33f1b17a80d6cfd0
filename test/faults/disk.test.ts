import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyFile, loadKeys, repairJournal, type Station } from '#station/index';
import { type FakePlatform, fakePlatform, unreachable } from '../unit/station/support/fake-platform.ts';
import { anna, open, portrait, temporaryDir } from '../unit/station/support/station.ts';
import { some } from './support/extent.ts';

/** What becomes of the journal when the disk, not the process, fails. */

const never = new AbortController().signal;
let dir: ReturnType<typeof temporaryDir>;
let gate: FakePlatform;
const stations: Station[] = [];
beforeEach(() => {
  dir = temporaryDir();
  gate = fakePlatform();
  gate.before = () => Promise.reject(unreachable());
});
afterEach(async () => {
  for (const station of stations.splice(0)) await station.close();
  dir.remove();
});

const start = async (path = dir.path) => {
  const station = await open(path, { gate: gate.definition }, { random: () => 0 });
  stations.push(station);
  return station;
};
const stop = async (station: Station) => {
  stations.splice(stations.indexOf(station), 1);
  await station.close();
};
const enrol = async (station: Station, code: string) => {
  await station.enrol({ photo: { bytes: await portrait() }, person: { ...anna, code }, to: ['gate'] });
};
const CODES = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6'];
/** The platform is back: everybody the station knows of arrives. Who is there then. */
const drained = async (station: Station): Promise<string[]> => {
  gate.before = () => undefined;
  await station.outbox.run({ signal: never, until: 'settled' });
  expect(station.outbox.list().every(({ state }) => state === 'delivered')).toBe(true);
  return [...gate.people.keys()].sort();
};
/** The folder as a power cut at this moment would leave it: copied while the station is at work. */
const cut = (without: readonly string[] = []): string => {
  const path = join(dir.path, 'cut');
  mkdirSync(path);
  for (const name of readdirSync(dir.path))
    if (name !== 'cut') cpSync(join(dir.path, name), join(path, name), { recursive: true });
  for (const ending of without) rmSync(join(path, `journal.db${ending}`), { force: true });
  return path;
};

describe('a power cut', () => {
  it('loses nothing that was said to be written: the log alone holds it', async () => {
    const station = await start();
    for (const code of CODES) await enrol(station, code);
    // The index of the log (shm) is memory: SQLite makes it anew.
    expect(await drained(await start(cut(['-shm'])))).toEqual(CODES);
  });

  it('that tears the end of the log loses at most what was torn, and nothing before it', async () => {
    const station = await start();
    for (const code of CODES) await enrol(station, code);
    const path = cut(['-shm']);
    const wal = readFileSync(join(path, 'journal.db-wal'));
    // In the middle of the last frame: a commit is only believed when its checksum is.
    writeFileSync(join(path, 'journal.db-wal'), wal.subarray(0, wal.length - 2_000));
    const there = await drained(await start(path));
    expect(there.length).toBeGreaterThanOrEqual(CODES.length - 1);
    expect(CODES.slice(0, there.length)).toEqual(there);
  });

  it('after which the whole log is missing is not taken for a new station', async () => {
    const station = await start();
    for (const code of CODES) await enrol(station, code);
    // Everything that was ever written is in the log.
    const path = cut(['-wal', '-shm']);
    await expect(start(path)).rejects.toMatchObject({ code: 'journal' });
    expect(readdirSync(join(path, 'photos'))).toHaveLength(CODES.length);
  });
});

describe('a journal with flipped bytes in its middle', () => {
  it.each(some([0.35, 0.5, 0.65, 0.8], 2))('(at %f) is refused, repaired, and nobody is lost', async (where) => {
    const station = await start();
    for (const code of CODES) await enrol(station, code);
    await stop(station);
    const file = join(dir.path, 'journal.db');
    const bytes = readFileSync(file);
    const page = Math.floor((bytes.length / 4096) * where) * 4096;
    for (let at = page; at < page + 4096; at += 1) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    writeFileSync(file, bytes);
    const opened = await start().catch((error: unknown) => error);
    // A page nobody uses may be flipped without harm; any other is seen at the start.
    if (opened instanceof Error) {
      expect(opened).toMatchObject({ code: 'journal', message: expect.stringContaining('repair') });
      const { state, lost } = await repairJournal(dir.path, await loadKeys(keyFile(dir.path, {})), Date.now());
      expect(state).toBe('rebuilt');
      const gone = lost.filter(({ what, note }) => what === 'enrolment' && note.includes('enrol them again')).length;
      const there = await drained(await start());
      expect(there.length + gone).toBeGreaterThanOrEqual(CODES.length);
    } else expect(await drained(opened as Station)).toEqual(CODES);
  });
});

/** Why this machine cannot mount a small disk; null when it can. */
function whyNoMount(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root may mount a small disk';
  const probe = temporaryDir();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe.path], { stdio: 'pipe' });
    execFileSync('umount', [probe.path]);
    return null;
  } catch {
    return 'this machine lets nobody mount (a container?)';
  } finally {
    probe.remove();
  }
}
const noMount = whyNoMount();
if (noMount !== null) console.log(`skipped: a small disk that fills up, a folder mounted read-only: ${noMount}`);

describe.skipIf(noMount !== null)('a small disk', () => {
  const mount = (...options: string[]) => execFileSync('mount', [...options, dir.path]);
  afterEach(async () => {
    for (const station of stations.splice(0)) await station.close();
    execFileSync('umount', ['-l', dir.path]);
  });

  it('that is full takes no enrolment, says so, and delivers what it had taken when there is room', async () => {
    mount('-t', 'tmpfs', '-o', 'size=3m', 'tmpfs');
    const station = await start();
    const written: string[] = [];
    let refused: unknown = null;
    for (let n = 10; n < 99 && refused === null; n += 1) {
      await enrol(station, `P${n}`).then(
        () => written.push(`P${n}`),
        (error: unknown) => {
          refused = error;
        },
      );
    }
    expect(refused).toMatchObject({ fault: { kind: 'capacity' } });
    expect(written.length).toBeGreaterThan(0);
    await stop(station);
    mount('-o', 'remount,size=30m');
    expect(await drained(await start())).toEqual(written);
  });

  it('that became read-only takes no enrolment and says so; nothing is sent that cannot be noted', async () => {
    mount('-t', 'tmpfs', '-o', 'size=30m', 'tmpfs');
    const station = await start();
    await enrol(station, 'P1');
    await stop(station);
    mount('-o', 'remount,ro');
    await expect(start()).rejects.toMatchObject({ name: 'StationError' });
    expect(gate.requests).toEqual([]);
    mount('-o', 'remount,rw');
    expect(await drained(await start())).toEqual(['P1']);
  });
});

it('a journal that is copied while the station works opens as of that moment', async () => {
  const station = await start();
  await enrol(station, 'P1');
  const copy = join(dir.path, 'copy');
  mkdirSync(copy);
  for (const name of ['journal.db', 'journal.db-wal', 'key'])
    if (existsSync(join(dir.path, name))) copyFileSync(join(dir.path, name), join(copy, name));
  cpSync(join(dir.path, 'photos'), join(copy, 'photos'), { recursive: true });
  expect((await start(copy)).outbox.list().map(({ code }) => code)).toEqual(['P1']);
});
