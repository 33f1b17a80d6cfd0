import { pino } from 'pino';
import type { Lab } from '#lab/index';
import { definitions } from '#platforms/index';
import type { Inspection } from '#shared/measures';
import { defaultSettings, keyFile, loadConfig, openStation, type Station } from '#station/index';
import { inspection } from '../../unit/station/support/station.ts';

/** The five platforms of the lab in their order. */
export const FIVE = ['hcp', 'device', 'senselink', 'megvii', 'hikconnect'] as const;

/** Somebody all five platforms take. */
export const person = {
  kind: 'staff',
  code: 'TP012345',
  name: { family: 'Lim', given: 'Anna' },
  gender: 'female',
  phone: '60123456789',
} as const;

/** The fixture portrait has 960×1280 pixels and the face in its middle. */
const seen: Inspection = inspection({
  width: 960,
  height: 1280,
  box: { x: 280, y: 380, width: 400, height: 520 },
  eyes: { left: { x: 390, y: 570 }, right: { x: 570, y: 570 } },
});

/** A station on the lab's own configuration, impatient: answers are awaited for `headersMs`, back-off is the shortest. */
export async function labStation(
  dataDir: string,
  config: Lab['config'],
  { headersMs = 15_000, background = false }: { headersMs?: number; background?: boolean } = {},
): Promise<Station> {
  const timeouts = { connectMs: 2_000, headersMs, bodyMs: headersMs };
  const platforms = Object.fromEntries(
    Object.entries(config.platforms).map(([id, entry]) => [id, { ...entry, timeouts }]),
  );
  return openStation({
    dataDir,
    config: loadConfig({ platforms }, { configDir: dataDir, env: {}, definitions }),
    key: keyFile(dataDir, {}),
    inspector: { inspect: async () => seen },
    settings: defaultSettings(),
    log: pino({ level: process.env.LOG ?? 'silent' }),
    random: () => 0,
    background,
  });
}
