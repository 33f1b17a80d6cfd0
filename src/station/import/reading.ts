import { createHash } from 'node:crypto';
import { z } from 'zod';
import { importFields } from '#shared/calls/import';
import type { Journal } from '../journal/index.ts';
import type { Mapping, ReadingOptions } from './api.ts';
import type { ByteSource } from './byte-source.ts';
import { columnKeys, headerSet, mapColumns } from './columns.ts';
import type { ImportSession } from './session.ts';
import { type OpenTable, openTable } from './table.ts';

const mappingSchema = z.record(z.string(), z.enum(importFields).nullable());

/** How tables are read, and what their columns hold: said, remembered, or guessed. */
export function createReading({ journal, now }: { journal: Pick<Journal, 'records'>; now(): number }) {
  const memory = (table: OpenTable) =>
    `import-columns:${createHash('sha256').update(headerSet(table.headers)).digest('hex').slice(0, 32)}`;
  const remembered = (table: OpenTable): Mapping => {
    const known = table.hasHeader ? mappingSchema.safeParse(journal.records.item(memory(table))) : null;
    return known?.success ? known.data : {};
  };

  return {
    /** Opens a table. Rejects with FaultError `validation`. @param told what a person said about its columns */
    async read(source: ByteSource, reading: ReadingOptions, told: Mapping) {
      const version = (await source.version?.()) ?? null;
      const table = await openTable(source, reading, told);
      const { columns, problems } = mapColumns(table.headers, told, remembered(table));
      return { table, columns, problems, version };
    },

    /** What a person settled is taken for the next table with these columns. */
    remember({ table, columns, problems }: ImportSession, told: Mapping): void {
      if (Object.keys(told).length === 0 || !table.hasHeader || problems.some(({ fatal }) => fatal)) return;
      const keys = columnKeys(table.headers);
      const mapping = Object.fromEntries(columns.map(({ index, field }) => [keys[index] ?? '', field]));
      journal.records.setItem(memory(table), mapping, now());
    },
  };
}
