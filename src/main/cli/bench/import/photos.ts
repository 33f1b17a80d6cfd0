import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeliveryState } from '#shared/delivery';
import { isSuccess } from '#shared/delivery';
import { compose, openInspector } from '../../../compose.ts';
import { createLog } from '../../../log.ts';
import { portraitFor } from '../faults/people.ts';

/** An import with photos against the simulated platforms, which run in the same process. */
export interface PhotosBench {
  photos: number;
  /** A second: read, looked at, judged, face compared, verdict written. */
  checked: number;
  /** What the face's numbers cost of a look, as a share of it: the same pictures with and without, in turn. */
  descriptorShare: number;
  deliveries: number;
  /** A second: photos read again, prepared, written to the journal, sealed, sent to `platforms` platforms; looks are known by then. */
  delivered: number;
  platforms: number;
  /** Deliveries that did not succeed. */
  failed: number;
  /** The most the process held while importing, simulated platforms included; bytes. */
  peakRss: number;
}

/** Those that take pictures of one face under many codes. */
const TO = ['hcp', 'device', 'megvii', 'hikconnect'];
const SAMPLE = 40;
const SAMPLE_MS = 100;

export async function benchPhotos(
  portrait: Uint8Array,
  photos: number,
  { folder, env, signal }: { folder: string; env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<PhotosBench> {
  const names = Array.from({ length: photos }, (_, n) => `P${n}`);
  const from = join(folder, 'photos');
  await mkdir(from);
  const pictures: Uint8Array[] = [];
  for (const [n, name] of names.entries()) {
    const bytes = await portraitFor(portrait, { portrait: n % 2 === 0 ? 0 : 1 });
    if (n < SAMPLE) pictures.push(bytes);
    await writeFile(join(from, `${name}.jpg`), bytes);
    signal.throwIfAborted();
  }
  const table = join(folder, 'photos.csv');
  const rows = names.map((name, n) => `${name},Person ${n},${60_120_000_000 + n},female`);
  await writeFile(table, ['code,name,phone,gender', ...rows].join('\n'));

  const log = createLog({ env, level: 'error' });
  const dataDir = join(folder, 'photos-data');
  const { station, close } = await compose({ dataDir, configFile: null, lab: true, env, log, background: false });
  let peakRss = 0;
  let figures: Omit<PhotosBench, 'descriptorShare'>;
  const watch = setInterval(() => {
    peakRss = Math.max(peakRss, process.memoryUsage.rss());
  }, SAMPLE_MS);
  try {
    const { imports } = station;
    const id = await imports.open({ file: table, photos: from });
    const settings = {
      to: TO,
      kind: 'staff',
      dates: null,
      onDuplicate: 'warn',
      onExisting: 'update',
      onSimilar: 'ask',
      onlyFailed: false,
    } as const;
    const start = performance.now();
    await imports.check(id, settings, signal);
    const checkMs = performance.now() - start;
    const { accepted } = imports.summary(id);
    if (accepted === 0) throw new Error('the check refuses this photo: choose another with --photo');
    const before = performance.now();
    await imports.run(id, settings, { signal, waitMs: 30_000 });
    const runMs = performance.now() - before;
    const states = Object.values(imports.summary(id).deliveries).flatMap(
      (counts) => Object.entries(counts) as [DeliveryState, number][],
    );
    const sum = (some: typeof states) => some.reduce((all, [, count]) => all + count, 0);
    const deliveries = sum(states);
    const good = sum(states.filter(([state]) => isSuccess(state)));
    figures = {
      photos,
      checked: (photos * 1_000) / checkMs,
      deliveries,
      delivered: (good * 1_000) / runMs,
      platforms: TO.length,
      failed: accepted * TO.length - good,
      peakRss,
    };
  } finally {
    clearInterval(watch);
    await close();
  }
  // Last: its thread is not part of what the import holds.
  return { ...figures, descriptorShare: await shareOfDescriptor(pictures) };
}

/** Each picture with and without, one at a time, in one thread, after a first look at each that does not count. */
async function shareOfDescriptor(pictures: readonly Uint8Array[]): Promise<number> {
  const pool = openInspector(1);
  try {
    const time = async (look: () => Promise<unknown>) => {
      const from = performance.now();
      await look();
      return performance.now() - from;
    };
    const [first] = pictures;
    if (first === undefined) return Number.NaN;
    await pool.describe({ bytes: first });
    let [plain, described] = [0, 0];
    for (const bytes of pictures) {
      plain += await time(() => pool.inspect({ bytes }));
      described += await time(() => pool.describe({ bytes }));
    }
    return 1 - plain / described;
  } finally {
    await pool.close();
  }
}
