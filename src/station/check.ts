import type { Prediction } from '#platforms/contract';
import { type Fault, FaultError } from '#shared/fault';
import type { Inspection } from '#shared/measures';
import type { PresetName } from '#shared/quality';
import { type Criteria, judge, resolveCriteria, strictest } from '#shared/quality';
import type { CheckOptions, CheckResult, ConfiguredPlatform, Inspector, LoadedConfig, PictureSource } from './api.ts';
import { resolveTargets } from './people.ts';

/** What a verdict needs: criteria, and platforms that say what they would answer. */
export interface Judge {
  config: { platforms: readonly Pick<ConfiguredPlatform, 'id' | 'definition'>[]; quality: LoadedConfig['quality'] };
  /** The desk's preset; one named in the configuration outranks it. */
  preset(): PresetName;
  /** The desk's own limits; what the configuration says of a measure outranks them. */
  limits?(): Criteria;
  /** Criteria that platforms told themselves, by platform id; the gate takes the strictest. */
  live?: ReadonlyMap<string, Criteria>;
}

/** A platform's predictions need its rules, not its configuration. */
export type Predictor = Pick<ConfiguredPlatform, 'id' | 'definition'>;

/** What the check needs, so that the command line can check without a data folder. */
export interface Checker extends Judge {
  inspector: Inspector;
}

/** The site's criteria, and the stricter end of what the platforms a picture is for (default: all) told of their own. */
export function criteriaOf({ config, preset, limits, live }: Judge, platforms?: readonly string[]): Criteria {
  const own = resolveCriteria({ preset: preset(), ...limits?.(), ...config.quality });
  const asked = platforms ?? config.platforms.map(({ id }) => id);
  return asked.reduce((criteria, id) => strictest(criteria, live?.get(id) ?? {}), own);
}

/** What an inspector threw, as a fault about the photo. */
export function pictureFault(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault;
  if (error instanceof Error && error.name === 'PictureError') {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unreadable';
    return { kind: 'quality', code, message: error.message, field: 'photo' };
  }
  return {
    kind: 'protocol',
    code: 'inspector',
    message: 'the picture could not be looked at: an error in the station',
  };
}

/** Looks at a picture. Rejects with FaultError when it cannot be read, and with the signal's reason when interrupted. */
export async function inspectPicture(
  inspector: Inspector,
  source: PictureSource,
  signal?: AbortSignal,
): Promise<Inspection> {
  try {
    return await inspector.inspect(source, signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw new FaultError(pictureFault(error), { cause: error });
  }
}

/** The verdict on a picture that was looked at, and what each platform's own quality service would say of it. */
export function assess(inspection: Inspection, checker: Judge, platforms?: readonly string[]): CheckResult {
  const { config } = checker;
  const targets = platforms === undefined ? config.platforms : resolveTargets(platforms, config.platforms);
  const predictions: Record<string, Prediction | null> = {};
  for (const { id, definition } of targets) predictions[id] = definition.predict(inspection, checker.live?.get(id));
  return {
    ...judge(inspection, criteriaOf(checker, platforms)),
    faces: inspection.faces.length,
    box: inspection.box,
    measures: inspection.measures,
    platforms: predictions,
    ms: inspection.ms,
  };
}

/** The on-device check of one picture (interfaces.md, `check`). */
export async function checkPicture(
  checker: Checker,
  source: PictureSource,
  options: CheckOptions = {},
): Promise<CheckResult> {
  // A wrong platform id is said before any time is spent on the picture.
  if (options.platforms !== undefined) resolveTargets(options.platforms, checker.config.platforms);
  const inspection = await inspectPicture(checker.inspector, source, options.signal);
  return assess(inspection, checker, options.platforms);
}
