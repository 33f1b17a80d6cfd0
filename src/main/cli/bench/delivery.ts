import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSuccess } from '#shared/delivery';
import { compose } from '../../compose.ts';
import { createLog } from '../../log.ts';
import { median } from './figures.ts';

export interface DeliveryBench {
  people: number;
  /** Medians, milliseconds: the station's own look at the photo and the journal; from then to the last receipt; both. */
  acceptMs: number;
  deliverMs: number;
  totalMs: number;
  /** Deliveries that did not succeed. */
  failed: number;
}

/**
 * Time from a photo handed over to five receipts, against the lab on this machine: real files, real requests, no network between.
 * The platforms' own time is not in it, so it is the station's share of what a person waits.
 */
export async function benchDelivery(
  photo: Uint8Array,
  people: number,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<DeliveryBench> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vestibule-bench-'));
  const log = createLog({ env, level: 'error' });
  const { station, lab, close } = await compose({ dataDir, configFile: null, lab: true, env, log, background: false });
  try {
    const to = Object.keys(lab?.config.platforms ?? {});
    const rows: { acceptMs: number; deliverMs: number }[] = [];
    let failed = 0;
    for (let number = 0; number < people && !signal.aborted; number++) {
      await lab?.reset();
      const start = performance.now();
      const person = { kind: 'staff', code: `B${number}`, name: { family: 'Bench', given: `Person ${number}` } };
      const { enrolment } = await station.enrol({ photo: { bytes: photo }, person, to, onSimilar: 'force', signal });
      if (!enrolment) throw new Error('the check refuses this photo: choose another with --photo');
      const accepted = performance.now();
      const deliveries = await station.outbox.run({ signal, enrolment: enrolment.id, until: 'once' });
      rows.push({ acceptMs: accepted - start, deliverMs: performance.now() - accepted });
      failed += deliveries.filter(({ state }) => !isSuccess(state)).length;
    }
    return {
      people: rows.length,
      acceptMs: median(rows.map((row) => row.acceptMs)),
      deliverMs: median(rows.map((row) => row.deliverMs)),
      totalMs: median(rows.map((row) => row.acceptMs + row.deliverMs)),
      failed,
    };
  } finally {
    await close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
