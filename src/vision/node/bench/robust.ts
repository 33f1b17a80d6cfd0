import type { OverlayOptions, Sharp } from 'sharp';
import sharp from 'sharp';
import type { Inspection, Point } from '#shared/measures';
import { type Criteria, judge } from '#shared/quality';
import type { InspectorPool } from '../pool.ts';
import { readPicture } from '../read.ts';

/** What the eyes of a face tell a painter: the point between them, their distance and slope, in pixels of the picture. */
interface Frame {
  width: number;
  height: number;
  between: Point;
  ied: number;
  /** Degrees, clockwise. */
  slope: number;
}

/** A change of a picture, and whether a good one must stay accepted. */
export interface Change {
  name: string;
  kind: 'mild' | 'harsh';
  apply(picture: Buffer, frame: Frame): Promise<Buffer>;
}

/** What became of the good pictures under one change. */
export interface ChangeResult {
  name: string;
  kind: Change['kind'];
  pictures: number;
  /** Mild: accepted still. Harsh: refused. */
  right: number;
  /** Reasons of refusals, most frequent first. */
  reasons: Record<string, number>;
  wrong: string[];
}

export interface RobustBench {
  /** Pictures accepted as they are: only those can be changed for the worse. */
  good: number;
  of: number;
  changes: ChangeResult[];
}

/**
 * Tries how steady the verdict is: every picture that is accepted as it is must stay so under mild changes (coding, size,
 * light, noise, mirror, a small lean), and be refused under harsh ones (turned over, enlarged thumbnails, blur, covers).
 * The changes are made here from the pictures themselves; their parameters are not those any threshold was tuned with.
 */
export async function benchRobust(options: {
  files: readonly string[];
  pool: InspectorPool;
  criteria: Criteria;
  only?: Change['kind'];
}): Promise<RobustBench> {
  const { files, pool, criteria, only } = options;
  const good: { file: string; picture: Buffer; frame: Frame }[] = [];
  for await (const { source, inspection } of pool.inspectAll(files.map((path) => ({ path })))) {
    if (!inspection || !judge(inspection, criteria).accepted) continue;
    const base = await baseOf(source.path, inspection);
    if (base) good.push({ file: source.path, ...base });
  }
  const changes: ChangeResult[] = [];
  for (const change of CHANGES.filter(({ kind }) => only === undefined || kind === only)) {
    const sources = good.map(async ({ file, picture, frame }) => ({ file, bytes: await change.apply(picture, frame) }));
    const reasons = new Map<string, number>();
    const wrong: string[] = [];
    for await (const { source, inspection } of pool.inspectAll(await Promise.all(sources))) {
      const verdict = inspection && judge(inspection, criteria);
      for (const { measure } of verdict?.reasons ?? []) reasons.set(measure, (reasons.get(measure) ?? 0) + 1);
      if ((verdict?.accepted ?? false) !== (change.kind === 'mild')) wrong.push(source.file);
    }
    changes.push({
      name: change.name,
      kind: change.kind,
      pictures: good.length,
      right: good.length - wrong.length,
      reasons: Object.fromEntries([...reasons].sort((a, b) => b[1] - a[1])),
      wrong,
    });
  }
  return { good: good.length, of: files.length, changes };
}

/** The lines people read. */
export function robustReport({ good, of, changes }: RobustBench): string[] {
  return [
    `${good} of ${of} pictures are accepted as they are`,
    ...changes.map(({ name, kind, pictures, right, reasons }) => {
      const why = Object.entries(reasons).map(([reason, count]) => `${reason} ${count}`);
      const mark = right === pictures ? ' ' : '!';
      return `${mark} ${kind} ${name}: ${right} of ${pictures} ${kind === 'mild' ? 'still accepted' : 'refused'}  ${why.join(', ')}`;
    }),
  ];
}

/** Side of the pictures the changes start from. */
const BASE = 800;

async function baseOf(
  path: string,
  { width, height, eyes }: Inspection,
): Promise<{ picture: Buffer; frame: Frame } | null> {
  if (!eyes) return null;
  const upright = sharp(await readPicture({ path })).autoOrient();
  const { data, info } = await upright
    .resize(BASE, BASE, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .png({ compressionLevel: 1 })
    .toBuffer({ resolveWithObject: true });
  const scale = info.width / width;
  const { left, right } = eyes;
  return {
    picture: data,
    frame: {
      width: info.width,
      height: Math.round(height * scale),
      between: { x: ((left.x + right.x) / 2) * scale, y: ((left.y + right.y) / 2) * scale },
      ied: Math.hypot(right.x - left.x, right.y - left.y) * scale,
      slope: (Math.atan2(right.y - left.y, right.x - left.x) * 180) / Math.PI,
    },
  };
}

const jpeg = (quality: number) => (image: Sharp) => image.jpeg({ quality });

function mild(name: string, change: (image: Sharp, frame: Frame) => Sharp | Promise<Sharp>): Change {
  return { name, kind: 'mild', apply: async (picture, frame) => finish(await change(sharp(picture), frame)) };
}

function harsh(name: string, change: (image: Sharp, frame: Frame) => Sharp | Promise<Sharp>): Change {
  return { name, kind: 'harsh', apply: async (picture, frame) => finish(await change(sharp(picture), frame)) };
}

const finish = (image: Sharp): Promise<Buffer> => jpeg(92)(image).toBuffer();

async function again(image: Sharp): Promise<Sharp> {
  return sharp(await image.png({ compressionLevel: 1 }).toBuffer());
}

/** `value ** exponent` of every channel, 0–1. */
const gamma = (exponent: number) => perPixel((value) => 255 * (value / 255) ** exponent);

/** Gaussian grain, the same every time. */
function noise(sigma: number): (image: Sharp) => Promise<Sharp> {
  let state = 12345;
  const random = () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return perPixel((value) => value + 255 * sigma * (random() + random() + random() + random() - 2) * Math.sqrt(3));
}

function perPixel(change: (value: number, channel: number) => number): (image: Sharp) => Promise<Sharp> {
  return async (image) => {
    const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
    for (let n = 0; n < data.length; n++)
      data[n] = Math.max(0, Math.min(255, Math.round(change(data[n] ?? 0, n % info.channels))));
    return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
  };
}

const balance = (gains: readonly [number, number, number]) =>
  perPixel((value, channel) => value * (gains[channel] ?? 1));

/** An inside corner of the picture's colour fills what turning uncovers. */
const turned = (degrees: number) => (image: Sharp) => image.rotate(degrees, { background: '#c8c8c8' });

const blurred =
  (sigma: number) =>
  (image: Sharp, { ied }: Frame) =>
    image.blur({ sigma: sigma * ied, minAmplitude: 0.001, precision: 'float' });

/** Shrunk until the eyes are `ied` pixels apart, and enlarged to its size again. */
const thumbnail =
  (ied: number, kernel: 'nearest' | 'linear' | 'cubic' | 'lanczos3') => async (image: Sharp, frame: Frame) => {
    const width = Math.max(8, Math.round((frame.width * ied) / frame.ied));
    return (await again(image.resize(width))).resize(frame.width, frame.height, { kernel, fit: 'fill' });
  };

/** Paints an SVG drawing whose unit is the inter-eye distance, its origin between the eyes and its x axis along them. */
const painted =
  (drawing: string) =>
  (image: Sharp, { width, height, between, ied, slope }: Frame) => {
    const place = `translate(${between.x} ${between.y}) rotate(${slope}) scale(${ied})`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${DEFS}</defs><g transform="${place}">${drawing}</g></svg>`;
    const overlay: OverlayOptions = { input: Buffer.from(svg) };
    return image.composite([overlay]);
  };

const DEFS =
  '<pattern id="dots" width="0.16" height="0.16" patternUnits="userSpaceOnUse"><rect width="0.16" height="0.16" fill="#d9c7e8"/><circle cx="0.06" cy="0.06" r="0.035" fill="#7a2f5a"/></pattern>' +
  '<pattern id="stripes" width="0.12" height="0.12" patternUnits="userSpaceOnUse" patternTransform="rotate(35)"><rect width="0.12" height="0.12" fill="#dfe6e2"/><rect width="0.05" height="0.12" fill="#30506b"/></pattern>' +
  '<linearGradient id="folds" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#9db8cc"/><stop offset="0.3" stop-color="#c9dbe6"/><stop offset="0.5" stop-color="#8aa7bd"/><stop offset="0.75" stop-color="#bdd3e0"/><stop offset="1" stop-color="#7d98ad"/></linearGradient>' +
  '<linearGradient id="skin" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#d9a98c"/><stop offset="1" stop-color="#b98468"/></linearGradient>';

const MASK =
  'M-1.05 0.42 C-0.6 0.38 -0.35 0.3 0 0.22 C0.35 0.3 0.6 0.38 1.05 0.42 C1.0 1.1 0.7 1.75 0 1.92 C-0.7 1.75 -1.0 1.1 -1.05 0.42 Z';
const mask = (fill: string) => painted(`<path d="${MASK}" fill="${fill}"/>`);

const lenses = (fill: string, opacity: number) =>
  painted(
    `<g fill="${fill}" fill-opacity="${opacity}"><rect x="-0.9" y="-0.26" width="0.76" height="0.6" rx="0.2"/><rect x="0.14" y="-0.26" width="0.76" height="0.6" rx="0.2"/></g><path d="M-0.14 -0.08 H0.14" stroke="#111" stroke-width="0.07"/>`,
  );

/** Clear glasses: a dark frame and hardly tinted lenses. */
const glasses = (thickness: number, colour: string) =>
  painted(
    `<g fill="#dfe8f5" fill-opacity="0.08" stroke="${colour}" stroke-width="${thickness}"><rect x="-0.86" y="-0.28" width="0.7" height="0.56" rx="0.18"/><rect x="0.16" y="-0.28" width="0.7" height="0.56" rx="0.18"/></g><path d="M-0.16 -0.06 Q0 -0.14 0.16 -0.06" fill="none" stroke="${colour}" stroke-width="${thickness}"/>`,
  );

/** A scarf around the face: all around it, face and chin free. */
const scarf = painted(
  '<path fill-rule="evenodd" fill="#3c4a6b" d="M-2 -2.4 H2 V3.4 H-2 Z M0 -0.95 C-0.75 -0.95 -1.02 -0.3 -1.0 0.4 C-0.95 1.2 -0.55 1.98 0 2.0 C0.55 1.98 0.95 1.2 1.0 0.4 C1.02 -0.3 0.75 -0.95 0 -0.95 Z"/>',
);

/** A hand before mouth and chin: the person's own forehead, stretched over them. */
async function hand(image: Sharp, { between, ied, width, height }: Frame): Promise<Sharp> {
  const whole = await again(image);
  const from = {
    left: Math.max(0, Math.round(between.x - 0.5 * ied)),
    top: Math.max(0, Math.round(between.y - 0.85 * ied)),
    width: Math.round(ied),
    height: Math.round(0.4 * ied),
  };
  const size = { width: Math.round(1.9 * ied), height: Math.round(1.3 * ied) };
  const patch = await whole.clone().extract(from).resize(size.width, size.height, { fit: 'fill' }).png().toBuffer();
  const left = Math.max(0, Math.min(width - size.width, Math.round(between.x - size.width / 2)));
  const top = Math.max(0, Math.min(height - size.height, Math.round(between.y + 0.45 * ied)));
  return whole.composite([{ input: patch, left, top }]);
}

/** The picture's part to one side of a line beside the face's middle: half of the face is gone. */
const cut =
  (side: 'left' | 'right') =>
  (image: Sharp, { between, ied, width, height }: Frame) => {
    const at = Math.round(between.x + (side === 'left' ? -0.2 : 0.2) * ied);
    return side === 'left'
      ? image.extract({ left: at, top: 0, width: width - at, height })
      : image.extract({ left: 0, top: 0, width: at, height });
  };

const CHANGES: readonly Change[] = [
  { name: 'JPEG quality 60', kind: 'mild', apply: (picture) => jpeg(60)(sharp(picture)).toBuffer() },
  mild('640 wide', (image) => image.resize(640)),
  mild('480 wide', (image) => image.resize(480)),
  mild('noise 0.015', noise(0.015)),
  mild('gamma 0.8', gamma(0.8)),
  mild('gamma 1.25', gamma(1.25)),
  mild('mirror', (image) => image.flop()),
  mild('roll 5', turned(5)),
  mild('roll -5', turned(-5)),
  mild('warm light', balance([1.08, 1, 0.82])),
  mild('cool light', balance([0.86, 1, 1.1])),
  mild('grey', (image) => image.greyscale()),
  mild('clear glasses, thin', glasses(0.035, '#4a3b30')),
  mild('clear glasses, black', glasses(0.06, '#101010')),
  mild('head scarf', scarf),
  ...[180, 90, -90, 45, 160].map((degrees) => harsh(`turned by ${degrees}`, turned(degrees))),
  ...(['nearest', 'linear', 'cubic', 'lanczos3'] as const).flatMap((kernel) =>
    [16, 21].map((ied) => harsh(`thumbnail of ${ied} pixels, ${kernel}`, thumbnail(ied, kernel))),
  ),
  harsh('blur 0.05', blurred(0.05)),
  harsh('JPEG quality 6, then 92', async (image) => sharp(await jpeg(6)(image).toBuffer())),
  harsh('gamma 4', gamma(4)),
  harsh('cut at the left', cut('left')),
  harsh('cut at the right', cut('right')),
  ...[
    '#f4f6f7',
    '#1b1b1d',
    '#a9c9dd',
    '#2f7a5c',
    '#c0392b',
    '#caa38a',
    'url(#dots)',
    'url(#stripes)',
    'url(#folds)',
    'url(#skin)',
  ].map((fill) => harsh(`mask ${fill}`, mask(fill))),
  harsh('sunglasses, black', lenses('#0b0b0d', 0.97)),
  harsh('sunglasses, brown', lenses('#2a1a10', 0.9)),
  harsh('sunglasses, blue mirror', lenses('#2c5d9c', 0.95)),
  harsh('hand over the mouth', hand),
];
