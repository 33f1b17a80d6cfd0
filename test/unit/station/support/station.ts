import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import sharp from 'sharp';
import type { PlatformDefinition } from '#platforms/contract';
import type { Inspection } from '#shared/measures';
import type { ConfiguredPlatform, LoadedConfig, Station, StationOptions } from '#station/index';
import { defaultSettings, keyFile, openStation } from '#station/index';
import { GOOD_MEASURES } from '../../../fixtures/good-measures.ts';

export function temporaryDir(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'vestibule-station-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

const PICTURE = { width: 900, height: 1200 };

/** A picture with something in it at every place: a gradient, and a bright disc where the head is. */
export async function portrait(seed = 0, { width, height } = PICTURE): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="rgb(40,60,${80 + (seed % 100)})"/>
    <stop offset="1" stop-color="rgb(200,180,120)"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#g)"/><ellipse cx="${width / 2}" cy="${height / 2}" rx="${width / 6}" ry="${height / 5.5}" fill="rgb(225,190,170)"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 92 }).toBuffer();
}

/** What looking at `portrait()` would tell: one frontal face that meets the standard criteria. */
export function inspection(patch: Partial<Inspection> = {}): Inspection {
  const { width, height } = PICTURE;
  return {
    width,
    height,
    faces: [{ box: { x: 300, y: 420, width: 300, height: 390 }, score: 0.99, relativeSize: 1 }],
    box: { x: 300, y: 420, width: 300, height: 390 },
    eyes: { left: { x: 390, y: 580 }, right: { x: 510, y: 580 } },
    measures: {
      ...GOOD_MEASURES,
      faceSize: 390 / height,
      interEyeDistance: 120,
      headSize: null,
    },
    ms: 3,
    ...patch,
  };
}

function configured(platforms: Record<string, PlatformDefinition>): LoadedConfig {
  const entry = (id: string): ConfiguredPlatform['config'] => ({ kind: 'device', baseUrl: `http://127.0.0.1/${id}` });
  return {
    platforms: Object.entries(platforms).map(([id, definition]) => ({
      id,
      kind: 'device',
      definition,
      config: entry(id),
    })),
    quality: undefined,
    configDir: '/',
    source: { platforms: Object.fromEntries(Object.keys(platforms).map((id) => [id, entry(id)])) },
  };
}

interface Logged {
  text(): string;
  log: StationOptions['log'];
}

export function collectingLog(): Logged {
  const lines: string[] = [];
  return {
    text: () => lines.join(''),
    log: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }),
  };
}

export async function open(
  dataDir: string,
  platforms: Record<string, PlatformDefinition>,
  options: Partial<StationOptions> = {},
): Promise<Station> {
  return openStation({
    dataDir,
    config: configured(platforms),
    key: keyFile(dataDir, {}),
    inspector: { inspect: async () => inspection() },
    settings: defaultSettings(),
    log: pino({ level: 'silent' }),
    ...options,
  });
}

export const anna = { kind: 'staff', code: 'TP012345', name: { display: 'Anna Lim' }, gender: 'female' } as const;
