/** A plot as a document: what it says without eyes, and its drawing. Sizes in pixels. */
export interface Plot {
  title: string;
  /** Everything the drawing tells, in words. */
  description: string;
  width: number;
  height: number;
  /** Elements made by the functions below. */
  body: readonly string[];
}

/** Where a value lies on an axis. */
export interface Scale {
  at(value: number): number;
  ticks: readonly number[];
}

/**
 * A page or an image viewer may be light or dark, and shows the picture with neither our fonts nor our scripts: colours are in a style of its
 * own that follows the reader's preference, on a ground of its own.
 */
const STYLE = `
svg { --ground: #ffffff; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --pass: #0969da; --either: #6e7781; --concerned: #bc4c00; --other: #8a6d9e; --limit: #1f2328; font: 12px system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { svg { --ground: #0d1117; --ink: #f0f6fc; --soft: #9198a1; --line: #3d444d; --pass: #4493f8; --either: #9198a1; --concerned: #f0883e; --other: #b99bcf; --limit: #f0f6fc; } }
.ground { fill: var(--ground); } text { fill: var(--ink); } .soft { fill: var(--soft); } .title { font-size: 14px; font-weight: 600; }
.grid { stroke: var(--line); stroke-width: 1; } .limit { stroke: var(--limit); stroke-width: 1.5; stroke-dasharray: 5 3; } .ideal { stroke: var(--soft); stroke-width: 1; }
.dot { fill-opacity: 0.55; } .pass { fill: var(--pass); } .either { fill: var(--either); } .concerned { fill: var(--concerned); } .other { fill: var(--other); }
.median { stroke: var(--ink); stroke-width: 2; } .outside { fill: var(--line); fill-opacity: 0.35; }`.trim();

/** A plot as the text of an SVG file. Pure: the same plot is the same text. */
export function svgOf({ title, description, width, height, body }: Plot): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${STYLE}</style>`,
    rectangle(0, 0, width, height, 'ground'),
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

export function text(x: number, y: number, said: string, kind = '', anchor: 'start' | 'middle' | 'end' = 'start') {
  return `<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}"${kind && ` class="${kind}"`}>${escaped(said)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return `<line x1="${short(x1)}" y1="${short(y1)}" x2="${short(x2)}" y2="${short(y2)}" class="${kind}"/>`;
}

export function rectangle(x: number, y: number, width: number, height: number, kind: string): string {
  return `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" class="${kind}"/>`;
}

/** A mark whose form tells as much as its colour. */
export function mark(x: number, y: number, kind: string, form: 'circle' | 'square' | 'diamond' = 'circle'): string {
  if (form === 'circle') return `<circle cx="${short(x)}" cy="${short(y)}" r="3" class="dot ${kind}"/>`;
  if (form === 'square') {
    return `<rect x="${short(x - 2.8)}" y="${short(y - 2.8)}" width="5.6" height="5.6" class="dot ${kind}"/>`;
  }
  return `<path d="M${short(x)} ${short(y - 4)}l4 4l-4 4l-4 -4z" class="dot ${kind}"/>`;
}

/** An axis from `from` to `to` (pixels) that takes in all values, with ticks at round numbers. */
export function scaleFor(values: readonly number[], from: number, to: number): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high > low ? high - low : Math.abs(high) || 1;
  const step = roundStep(span / 6);
  const start = Math.floor(low / step) * step;
  const end = Math.max(start + step, Math.ceil(high / step) * step);
  const ticks = Array.from({ length: Math.round((end - start) / step) + 1 }, (_, n) =>
    Number((start + n * step).toPrecision(12)),
  );
  return { at: (value) => from + ((value - start) / (end - start)) * (to - from), ticks };
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((step) => step * power >= least) ?? 10) * power;
}

function short(value: number): string {
  return `${Math.round(value * 10) / 10}`;
}

function escaped(said: string): string {
  return said.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
