import { STATION_STEPS, type StationStep, type StepResult } from '#shared/calls/selftest';
import type { Output, PlatformView } from '#shared/contract';
import { closeCamera, openCamera } from '../capture/camera.ts';

/** One step of the self-test: the page's own, the station's, or one system. */
export type Step =
  | { name: 'camera' | 'models' | StationStep; platform: null }
  | { name: 'platform'; platform: Pick<PlatformView, 'id' | 'kind' | 'title'> };

/** Every step in its order (pure). */
export function selftestSteps(platforms: readonly Pick<PlatformView, 'id' | 'kind' | 'title'>[]): Step[] {
  const own = (['camera', 'models', ...STATION_STEPS] as const).map((name) => ({ name, platform: null }));
  return [...own, ...platforms.map((platform) => ({ name: 'platform' as const, platform }))];
}

const good = (facts: Record<string, number> = {}): StepResult => ({ state: 'good', code: 'fine', facts });

const CAMERA: Readonly<Record<string, StepResult['code']>> = {
  missing: 'no-camera',
  unplugged: 'no-camera',
  denied: 'camera-denied',
  insecure: 'camera-denied',
};

/** Opens the camera and closes it again; its size is told, its picture is not looked at. */
export async function tryCamera(deviceId: string | null): Promise<StepResult> {
  try {
    const { stream, track } = await openCamera(deviceId);
    const { width = 0, height = 0 } = track.getSettings();
    closeCamera(stream);
    return good({ width, height });
  } catch (error) {
    const problem = error instanceof Error && 'problem' in error ? String(error.problem) : '';
    return { state: 'bad', code: CAMERA[problem] ?? 'camera-trouble', facts: {} };
  }
}

/** Clocks further apart than this trouble signatures and passes. */
const SKEW_MS = 60_000;

/** What a system's test means (pure). */
export function platformResult({ ok, skewMs, fault }: Output<'platforms.test'>): StepResult {
  const facts: Record<string, number> = skewMs === null ? {} : { skewMs };
  if (!ok) {
    const silent = fault?.kind === 'unreachable' || fault?.kind === 'time-out';
    return { state: 'bad', code: silent ? 'unanswered' : 'refused', facts };
  }
  return skewMs !== null && Math.abs(skewMs) >= SKEW_MS ? { state: 'warn', code: 'skew', facts } : good(facts);
}

export interface SelftestReport {
  product: 'vestibule';
  version: string;
  shell: string;
  at: string;
  steps: { number: number; step: string; kind?: string; state: string; code: string; facts: Record<string, number> }[];
}

/**
 * What was found, for whoever helps (pure): codes, numbers and kinds of systems. The site's names for them, their addresses and what they said stay
 * behind, and nobody was ever in it.
 */
export function selftestReport(
  app: { version: string; shell: string },
  at: number,
  done: readonly { step: Step; result: StepResult }[],
): SelftestReport {
  return {
    product: 'vestibule',
    version: app.version,
    shell: app.shell,
    at: new Date(at).toISOString(),
    steps: done.map(({ step, result: { state, code, facts } }, index) => ({
      number: index + 1,
      step: step.name,
      ...(step.platform && { kind: step.platform.kind }),
      state,
      code,
      facts: { ...facts },
    })),
  };
}
