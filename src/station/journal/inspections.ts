import { z } from 'zod';
import { type Inspection, type MeasureName, unknownMeasures } from '#shared/measures';
import { openJson, SealError, type Sealer, sealJson } from '../vault/seal.ts';
import { blob, type Sql } from './sql.ts';

const box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
const point = z.object({ x: z.number(), y: z.number() });
const measures = Object.keys(unknownMeasures()) as MeasureName[];

const stored = z.object({
  width: z.number(),
  height: z.number(),
  faces: z.array(z.object({ box, score: z.number(), relativeSize: z.number() })),
  box: box.nullable(),
  head: box.nullable().default(null),
  eyes: z.object({ left: point, right: point }).nullable(),
  /** Those a newer version measures are unknown of an older picture. */
  measures: z
    .partialRecord(z.enum(measures), z.number().nullable())
    .transform((known) => ({ ...unknownMeasures(), ...known })),
  ms: z.number(),
});

/** Four digits tell all a measure knows, and keep the journal small. */
function brief(inspection: Inspection): unknown {
  return JSON.parse(
    JSON.stringify(inspection, (_, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(4)) : value,
    ),
  );
}

/** Where what was seen in a picture is sealed: it does not open anywhere else. */
export const inspectionPlace = (enrolment: string) => `inspection:${enrolment}`;

export type Inspections = ReturnType<typeof createInspections>;

/** What was seen in the picture of an enrolment: for comparing with what platforms answer. Sealed, and gone with the enrolment. */
export function createInspections(sql: Sql, sealer: Sealer) {
  return {
    /** In the transaction that writes the enrolment. */
    write(enrolment: string, inspection: Inspection): void {
      sql.run(
        'UPDATE photos SET seen = ? WHERE enrolment = ?',
        sealJson(sealer, brief(inspection), inspectionPlace(enrolment)),
        enrolment,
      );
    },

    /** Null where it was never written (an enrolment of an older version), or is damaged: it must not hold anything up. */
    find(enrolment: string): Inspection | null {
      const row = sql.get('SELECT seen FROM photos WHERE enrolment = ?', enrolment);
      if (row === undefined || row.seen === null) return null;
      try {
        return stored.parse(openJson(sealer, blob(row, 'seen'), inspectionPlace(enrolment)));
      } catch (error) {
        if (error instanceof SealError || error instanceof z.ZodError) return null;
        throw error;
      }
    },
  };
}
