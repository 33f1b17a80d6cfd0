import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startLab } from '#lab/index';
import { builtFiles, programRoot } from '../../../root.ts';
import { type Command, campaign, type Figures, type Recruit } from './campaign.ts';
import { startChild } from './child.ts';
import { deskProcess } from './desk-process.ts';
import { seeded } from './dice.ts';
import { personOf, portraitFor } from './people.ts';

export interface FaultBench extends Figures {
  seed: number;
  tookMs: number;
}

/** Answers are awaited for so long: short, for many of them never come. */
const TIMEOUTS = { connectMs: 1_000, headersMs: 1_500, bodyMs: 1_500 };
/** What a command of a run may need at most beside the desk, seconds. */
const BESIDE_S = 5;

/**
 * Kills real stations (`serve`, `enrol`, `outbox run`) with −9 while they enrol on the five simulated platforms, and counts who was lost,
 * who is there twice, who has no photo and which receipts are not true, by what the platforms hold in the end.
 */
export async function benchFaults(
  photo: Uint8Array,
  {
    kills,
    seed,
    env,
    signal,
    progress,
  }: {
    kills: number;
    seed: number;
    env: NodeJS.ProcessEnv;
    signal: AbortSignal;
    progress(figures: Figures): void;
  },
): Promise<FaultBench> {
  const from = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'vestibule-faults-'));
  const lab = await startLab();
  const commands = new Set<Command>();
  try {
    const platforms = Object.fromEntries(
      Object.entries(lab.config.platforms).map(([id, entry]) => [id, { ...entry, timeouts: TIMEOUTS }]),
    );
    const config = join(folder, 'config.json');
    const dataDir = join(folder, 'data');
    const to = Object.keys(platforms);
    await writeFile(config, JSON.stringify({ platforms }), { mode: 0o600 });
    const { cli } = builtFiles(programRoot(import.meta.dirname));
    const desk = { cli, env, config, dataDir, to, portrait: (who: Recruit) => portraitFor(photo, who) };

    const command = (args: readonly string[], input?: string): Command => {
      const child = startChild(cli, [...args, '--config', config, '--data', dataDir, '--json'], env, input);
      const told = child.firstLine().then(
        (line) => (JSON.parse(line) as { enrolment?: string | null }).enrolment != null,
        () => false,
      );
      const made = { gone: child.gone.then(() => told), kill: child.kill };
      commands.add(made);
      void made.gone.then(() => commands.delete(made));
      return made;
    };
    const figures = await campaign(kills, {
      site: lab,
      platforms: to,
      start: () => deskProcess(desk),
      async enrol(who: Recruit) {
        const file = join(folder, `${who.code}.jpg`);
        await writeFile(file, await portraitFor(photo, who));
        const what = ['--photo', file, '--person', '-', '--to', to.join(','), '--on-similar', who.onSimilar];
        return command(['enrol', ...what], JSON.stringify(personOf(who)));
      },
      run: () => command(['outbox', 'run', '--wait', String(BESIDE_S)]),
      random: seeded(seed),
      now: () => performance.now(),
      sleep: (ms) => delay(ms),
      signal,
      progress,
    });
    return { ...figures, seed, tookMs: performance.now() - from };
  } finally {
    for (const one of commands) await one.kill();
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The figures as lines for people. */
export function faultLines(figures: FaultBench): string[] {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const rows: [string, string | number][] = [
    ['kills (SIGKILL)', figures.kills],
    ['rounds with a platform in trouble too', figures.troubledRounds],
    ['enrolments', `${figures.enrolments} (${figures.again} of somebody known, with another photo)`],
    ['deliveries', figures.deliveries],
    ['lost', figures.lost],
    ['twice', figures.twice],
    ['without photo', figures.withoutPhoto],
    ['receipts that are not true', figures.falseReceipts],
    ['people the station does not know', figures.strangers],
    ['old photo in place of the new', figures.outdated],
    ['questions asked and answered', figures.questions],
    ['refused in an outage, tried again by hand', figures.retries],
    ['recovery, from the next start to all delivered: median', seconds(figures.recoveryMedianMs)],
    ['recovery: longest', seconds(figures.recoveryMaxMs)],
    ['whole run', `${seconds(figures.tookMs)}, seed ${figures.seed}`],
  ];
  return rows.map(([name, value]) => `${name.padEnd(56)} ${value}`);
}
