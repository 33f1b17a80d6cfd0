import { createHash } from 'node:crypto';
import type { ImportSummary } from '#shared/calls/import';

/** One picture of a contact sheet. */
export interface SheetRow {
  line: number;
  code: string;
  name: string;
  verdict: string;
  /** In words. */
  notes: readonly string[];
  /** JPEG. */
  thumbnail: Uint8Array | null;
}

/** More pictures than this a browser does not scroll through with pleasure. */
export const SHEET_ROWS = 1_000;

const STYLE = `
:root{color-scheme:light dark;font:14px/1.4 system-ui,"Noto Sans SC","Microsoft YaHei",sans-serif}
body{margin:24px}h1{font-size:20px;margin:0 0 4px}p{margin:0 0 16px}
ul.sheet{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(180px,1fr));gap:16px}
ul.sheet>li{border:1px solid #8884;border-radius:8px;padding:8px;break-inside:avoid}
img,.none{display:block;width:160px;height:160px;object-fit:contain;background:#8882;margin:0 auto 8px;border-radius:4px}
.refused{color:#b42318}.accepted{color:#067647}.code{font-weight:600;overflow-wrap:anywhere}.notes{margin:4px 0 0;padding-left:16px}
@media (prefers-color-scheme:dark){.refused{color:#ff9a8f}.accepted{color:#75d6a3}}
`;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/**
 * A page to look at rather than read: small pictures with the faces that were found, and what is said of each. Whole in itself, runs
 * nothing and asks nobody: its own policy forbids it.
 */
export async function* contactSheet(
  title: string,
  summary: ImportSummary,
  rows: AsyncIterable<SheetRow>,
): AsyncGenerator<string> {
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; img-src data:; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const { accepted, refused, warned } = summary;
  yield `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head><body><h1>${escaped(title)}</h1><p>${summary.rows} rows: ${accepted} accepted, ${refused} refused, ${warned} with notes. Pictures of people: keep this file to yourself.</p><ul class="sheet">`;
  for await (const row of rows) yield item(row);
  yield '</ul></body></html>\n';
}

function item({ line, code, name, verdict, notes, thumbnail }: SheetRow): string {
  const picture =
    thumbnail === null
      ? '<span class="none"></span>'
      : `<img alt="" loading="lazy" src="data:image/jpeg;base64,${Buffer.from(thumbnail).toString('base64')}">`;
  const list =
    notes.length === 0 ? '' : `<ul class="notes">${notes.map((note) => `<li>${escaped(note)}</li>`).join('')}</ul>`;
  const word = verdict === 'refused' || verdict === 'accepted' ? verdict : '';
  return `<li>${picture}<div class="code">${escaped(code)}</div><div>${escaped(name)}</div><div class="${word}">row ${line}${word === '' ? '' : ` · ${word}`}</div>${list}</li>`;
}
