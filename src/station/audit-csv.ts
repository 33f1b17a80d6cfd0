import type { AuditRow } from './journal/audit.ts';

const COLUMNS = ['seq', 'at', 'actor', 'action', 'subject', 'platform', 'outcome', 'detail', 'hash'] as const;

/**
 * A cell of a CSV (RFC 4180) that no spreadsheet takes for a formula: what begins like one (=, +, -, @, tab, carriage return, and their
 * full-width forms) is preceded by an apostrophe (OWASP, CSV Injection).
 */
export function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The audit trail as CSV lines with their ends, the first naming the columns. No names, no codes: a subject is a keyed digest. */
export function* auditCsv(rows: Iterable<AuditRow>): Generator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for (const row of rows) {
    const cells = [
      String(row.seq),
      new Date(row.at).toISOString(),
      row.actor,
      row.action,
      row.subject ?? '',
      row.platform ?? '',
      row.outcome,
      JSON.stringify(row.detail),
      row.hash,
    ];
    yield `${cells.map(csvCell).join(',')}\r\n`;
  }
}
