import { median } from '../figures.ts';
import type { ScreenChange } from './probe.ts';

/** The targets of the page (docs/quality.md, "What it costs"). */
export const UI_TARGETS = { firstPaintMs: 1_000, changeMs: 100, bundleKb: 250 } as const;

/** What must not be exceeded, in kB as below: `npm test` fails by it, whereas the targets are told by the bench (decision 010). */
export const PAGE_BUDGET = { firstKb: 151, wholeKb: 250 } as const;

export interface WeighedFile {
  name: string;
  /** kB (1000 bytes) as gzip sends it, at its best. */
  kb: number;
}

/** The page's own files, in kB. */
export interface BundleFigures {
  /** What the first screen waits for: the page, its style sheet, every script it names, and the words of one language. */
  firstKb: number;
  /** Every script and style sheet the page may ever fetch but the engine's: all screens of desk and kiosk, in all languages. */
  wholeKb: number;
  /** Of that, the words of the languages that are not shown. */
  otherLanguagesKb: number;
  /** Tables it may fetch beside: the characters of the keyboard on the screen, for Chinese. */
  dataKb: number;
  /** The script of the live check, fetched by its worker; its models are counted nowhere here. */
  engineKb: number;
  /** What `wholeKb` is made of, heaviest first. */
  files: WeighedFile[];
}

/** The heaviest files in words, for whoever has to find what to leave out. */
export function heaviest(files: readonly WeighedFile[], most = 6): string {
  // A hash tells nobody anything.
  return files
    .slice(0, most)
    .map(({ name, kb }) => `${name.replace(/-[\w-]{8}\./, '.')} ${kb.toFixed(1)}`)
    .join(', ');
}

export interface ChangeFigures {
  from: string;
  to: string;
  /** Of the rounds. */
  medianMs: number;
  worstMs: number;
  times: number;
}

export interface UiBench {
  bundle: BundleFigures;
  /** Medians: opening the page to its first paint with nothing cached; starting `serve` to the address it prints. */
  firstPaintMs: number;
  serveMs: number;
  changes: ChangeFigures[];
  browser: string;
}

/** Each change once, in the order first met. */
export function changeFigures(changes: readonly ScreenChange[]): ChangeFigures[] {
  const byName = new Map<string, ScreenChange[]>();
  for (const change of changes) {
    const name = `${change.from} ${change.to}`;
    byName.set(name, [...(byName.get(name) ?? []), change]);
  }
  return [...byName.values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const times = same.map(({ ms }) => ms);
    return [
      { from: first.from, to: first.to, medianMs: median(times), worstMs: Math.max(...times), times: times.length },
    ];
  });
}

/** The targets that were missed, in words. A screen change is judged by its median, which one busy moment of the machine does not move. */
export function uiMisses({ bundle, firstPaintMs, changes }: UiBench): string[] {
  const missed: string[] = [];
  if (firstPaintMs > UI_TARGETS.firstPaintMs) missed.push(`first paint after ${firstPaintMs.toFixed(0)} ms`);
  if (bundle.wholeKb > UI_TARGETS.bundleKb) missed.push(`the page weighs ${bundle.wholeKb.toFixed(0)} kB`);
  for (const { from, to, medianMs } of changes)
    if (medianMs > UI_TARGETS.changeMs) missed.push(`${from} → ${to} takes ${medianMs.toFixed(0)} ms`);
  if (changes.length === 0) missed.push('no screen change was seen');
  return missed;
}

export function uiReport(result: UiBench): string[] {
  const { bundle, firstPaintMs, serveMs, changes } = result;
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const missed = uiMisses(result);
  return [
    `before the first screen: ${bundle.firstKb.toFixed(1)} kB gz`,
    `the whole page (all screens, all languages, scripts and styles): ${bundle.wholeKb.toFixed(1)} kB gz of at most ${UI_TARGETS.bundleKb}; ${(bundle.wholeKb - bundle.otherLanguagesKb).toFixed(1)} in one language`,
    `  heaviest: ${heaviest(bundle.files)}`,
    `beside the page: the live check’s script ${bundle.engineKb.toFixed(1)} kB gz (its worker’s, with the models), characters for Chinese typing ${bundle.dataKb.toFixed(1)}`,
    `first paint ${ms(firstPaintMs)} after the page was opened, which serve offers ${ms(serveMs)} after its start (medians)`,
    ...changes.map(
      ({ from, to, medianMs, worstMs, times }) =>
        `${from} → ${to}: ${ms(medianMs)} (worst of ${times}: ${ms(worstMs)})`,
    ),
    missed.length === 0 ? 'every target holds' : `missed: ${missed.join('; ')}`,
  ];
}
