import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Criteria } from '#shared/quality';
import { ANGLES } from '../angles.ts';
import type { Outcome } from '../outcome.ts';
import { MEASURE_NAMES, valuesOf } from '../ranges.ts';
import { calibrationPlot } from './calibration.ts';
import { distributionPlot } from './distribution.ts';
import { svgOf } from './svg.ts';

/**
 * Writes `MEASURE.svg` for every measure that was told, and `calibration-ANGLE.svg`. Numbers only: no picture, no name of a file.
 *
 * @returns the names of the files
 * @throws when the folder cannot be written
 */
export async function writePlots(
  folder: string,
  outcomes: readonly Outcome[],
  criteria: Criteria,
  preset: string,
): Promise<string[]> {
  const plots = [
    ...MEASURE_NAMES.map((measure) => {
      const values = valuesOf(outcomes, measure);
      return [measure, distributionPlot({ measure, values, limit: criteria[measure] ?? null, preset })] as const;
    }),
    ...ANGLES.map((angle) => [`calibration-${angle}`, calibrationPlot(outcomes, angle)] as const),
  ];
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  for (const [name, plot] of plots) {
    if (!plot) continue;
    await writeFile(join(folder, `${name}.svg`), svgOf(plot));
    written.push(`${name}.svg`);
  }
  return written;
}
