import styles from '../../../resources/badge.css?inline';
import { badgeElements } from '../components/badge.tsx';
import type { BadgeContent } from './badge-content.ts';
import { imagePdf } from './image-pdf.ts';

/** As resources/badge.css has it. */
const PAGE_MM = { width: 86, height: 124 };
const PIXELS_PER_MM = 96 / 25.4;
/** 300 dots an inch: what a badge printer prints. */
const SCALE = 300 / 96;
const QUALITY = 0.92;

/** A picture as it is drawn here, at an address that holds it whole. Rejects where it cannot be read. */
async function embedded(address: string): Promise<string> {
  if (address.startsWith('data:')) return address;
  const image = await loaded(address);
  const { canvas, context } = blank(image.naturalWidth, image.naturalHeight);
  context.drawImage(image, 0, 0);
  return canvas.toDataURL('image/jpeg', QUALITY);
}

async function loaded(address: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

function blank(width: number, height: number) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  return { canvas, context };
}

/**
 * The badge as a PDF of its own size, as it is printed: drawn by the browser from the same template, so that a name in any script looks the
 * same, and nothing leaves the page.
 */
export async function badgePdf(content: BadgeContent): Promise<Uint8Array<ArrayBuffer>> {
  const [photo, ...codes] = await Promise.all([
    content.photo === null ? null : embedded(content.photo),
    ...content.codes.map(async (code) => ({ ...code, qr: await embedded(code.qr) })),
  ]);
  const elements = badgeElements({ ...content, photo, codes });
  const [width, height] = [PAGE_MM.width * PIXELS_PER_MM, PAGE_MM.height * PIXELS_PER_MM];
  const markup = elements.map((element) => new XMLSerializer().serializeToString(element)).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><foreignObject width="100%" height="100%"><div xmlns="http://www.w3.org/1999/xhtml"><style>${styles}</style>${markup}</div></foreignObject></svg>`;
  const image = await loaded(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`);
  const pixels = { width: Math.round(width * SCALE), height: Math.round(height * SCALE) };
  const { canvas, context } = blank(pixels.width, pixels.height);
  context.drawImage(image, 0, 0, pixels.width, pixels.height);
  const jpeg = await new Promise<Blob>((resolve, reject) => {
    canvas.toBlob((made) => (made ? resolve(made) : reject(new Error('no picture'))), 'image/jpeg', QUALITY);
  });
  return imagePdf(new Uint8Array(await jpeg.arrayBuffer()), pixels, PAGE_MM);
}
