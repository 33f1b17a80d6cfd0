import type { CompareTurns, Comparison } from '#vision/live-comparison';
import { median } from '../figures.ts';
import type { LongTask, Probed } from './probe.ts';

/** The targets of the live check (docs/quality.md, "What it costs"). */
export const LIVE_TARGETS = { ratio: 2, firstVerdictMs: 2_500, longTasks: 0 } as const;

/** The live worker beside the one it is compared with, on one scene; looks a second are medians of the turns. */
export interface SceneFigures {
  scene: string;
  stationRate: number;
  tinyRate: number;
  /** `stationRate / tinyRate`; the median of the rounds' ratios. */
  ratio: number;
  /** Faces a look found. */
  stationFaces: number;
  tinyFaces: number;
}

/** What the live check on the station's own page came to. */
export interface PageFigures {
  seconds: number;
  verdicts: number;
  verdictRate: number;
  /** Start of the engine's worker to its word that it is warm. */
  warmUpMs: number | null;
  /** `getUserMedia` resolved to the first verdict. */
  firstVerdictMs: number;
  /** Frames the camera delivered that were not looked at, 0–1; null where the browser does not count them. */
  dropped: number | null;
  failures: number;
  longTasks: LongTask[];
}

/** Figures of each scene, in the order they were looked at. @throws when a scene was looked at by one worker only */
export function sceneFigures({ results }: Comparison): SceneFigures[] {
  const of = (scene: string, worker: CompareTurns['worker']) => {
    const turns = results.find((one) => one.scene === scene && one.worker === worker)?.turns ?? [];
    if (turns.length === 0) throw new Error(`the scene ${scene} was not looked at by ${worker}`);
    const looks = turns.reduce((sum, turn) => sum + turn.looks, 0);
    const faces = turns.reduce((sum, turn) => sum + turn.faces, 0) / looks;
    return { rates: turns.map((turn) => (turn.looks * 1000) / turn.ms), faces };
  };
  return [...new Set(results.map(({ scene }) => scene))].map((scene) => {
    const [station, tiny] = [of(scene, 'station'), of(scene, 'tiny')];
    return {
      scene,
      stationRate: median(station.rates),
      tinyRate: median(tiny.rates),
      ratio: median(station.rates.map((rate, n) => rate / (tiny.rates[n] ?? Number.NaN))),
      stationFaces: station.faces,
      tinyFaces: tiny.faces,
    };
  });
}

/**
 * Figures of the live check from the camera's opening on.
 *
 * @throws when the camera was never opened, or nothing was ever looked at
 */
export function pageFigures(probed: Probed): PageFigures {
  const { opened, verdicts, warm, warmStart, delivered, failures } = probed;
  if (opened === null) throw new Error('the page never opened the camera');
  const [first, last] = [verdicts[0], verdicts.at(-1)];
  if (first === undefined || last === undefined) throw new Error('the live check gave no verdict');
  const ms = last - first;
  return {
    seconds: ms / 1000,
    verdicts: verdicts.length,
    verdictRate: ms > 0 ? ((verdicts.length - 1) * 1000) / ms : 0,
    warmUpMs: warm !== null && warmStart !== null ? warm - warmStart : null,
    firstVerdictMs: first - opened,
    dropped: delivered ? Math.max(0, 1 - verdicts.length / delivered) : null,
    failures,
    longTasks: probed.longTasks.filter(({ at, ms }) => at + ms >= opened),
  };
}

export interface LiveBench {
  comparison: SceneFigures[];
  /** The comparison's engines' start, milliseconds. */
  warmUpMs: Comparison['warmUpMs'];
  /** The live check of the station's page, warm before the camera was opened. */
  page: PageFigures;
  /** The same while a presence check runs. */
  presence: PageFigures;
  /** Camera to first verdict where the capture screen was asked for at once, before the engine was warm. */
  hastyFirstVerdictMs: number;
  browser: string;
}

/** What was not reached, in words; empty when all was. The rate counts where a person is before the camera. */
export function liveMisses({ comparison, page }: LiveBench): string[] {
  const person = comparison.find(({ scene }) => scene === 'person');
  const misses: string[] = [];
  if (!person || person.ratio < LIVE_TARGETS.ratio)
    misses.push(`rate ${person?.ratio.toFixed(2)} ×, target ${LIVE_TARGETS.ratio}`);
  if (page.longTasks.length > LIVE_TARGETS.longTasks) misses.push(`${page.longTasks.length} long tasks, target none`);
  if (page.firstVerdictMs > LIVE_TARGETS.firstVerdictMs)
    misses.push(`first verdict after ${page.firstVerdictMs.toFixed(0)} ms, target ${LIVE_TARGETS.firstVerdictMs}`);
  return misses;
}

/** The benchmark in lines for people. */
export function liveReport(bench: LiveBench): string[] {
  const { comparison, page, presence, warmUpMs } = bench;
  const misses = liveMisses(bench);
  return [
    ...comparison.map(
      ({ scene, ratio, stationRate, tinyRate, stationFaces, tinyFaces }) =>
        `${scene.padEnd(8)} ${ratio.toFixed(2)} × TinyFaceDetector 224 with 68 landmarks (${stationRate.toFixed(1)} and ${tinyRate.toFixed(1)} ` +
        `looks a second; faces a look ${stationFaces.toFixed(2)} and ${tinyFaces.toFixed(2)})`,
    ),
    `live    ${pageLine(page)}`,
    `live, presence check ${pageLine(presence)}`,
    `first verdict ${page.firstVerdictMs.toFixed(0)} ms after the camera opened (${bench.hastyFirstVerdictMs.toFixed(0)} ms where nobody waited for the warm-up); ` +
      `warm-up ${page.warmUpMs?.toFixed(0) ?? '?'} ms on the page, ${warmUpMs.station.toFixed(0)} and ${warmUpMs.tiny.toFixed(0)} ms side by side`,
    `tasks over 50 ms on the main thread: ${page.longTasks.length === 0 ? 'none' : page.longTasks.length}`,
    ...page.longTasks.map(
      ({ at, ms, attribution }) => `  ${ms.toFixed(0)} ms at ${at.toFixed(0)}: ${attribution.join('; ')}`,
    ),
    misses.length === 0 ? 'targets: reached' : `targets missed: ${misses.join('; ')}`,
  ];
}

function pageLine({ verdictRate, seconds, dropped, failures }: PageFigures): string {
  const share =
    dropped === null ? 'frames not counted' : `${(dropped * 100).toFixed(0)} % of the camera's frames not looked at`;
  return `${verdictRate.toFixed(1)} verdicts a second over ${seconds.toFixed(0)} s; ${share}; ${failures} failed`;
}
