import type { Zone } from '../engines/mesh-points.ts';
import { colourDistance, DETAIL, detail, log, type MaybeZone, ramp, relativeDeviation } from './zone-likeness.ts';
import type { ZoneStatistics } from './zones.ts';

/**
 * How far each eye is covered, 0–1, image-left eye first.
 *
 * The skin around an open or shut eye (lids and eye bags) is hardly darker than cheek, nose and forehead (log ratio above −0.7 even in
 * deep-set or painted eyes); behind dark lenses it is (below −1), a glint in them or not. A forehead under hair or a hat is no measure of
 * skin. Coloured and mirrored lenses leave the skin's line of colour (by 0.1 and more; lids, frames and shadows stay within 0.06), plain ones
 * hide what every eye shows: light and dark side by side. Where one eye shows an iris and the other none, something lies over that one.
 */
export function eyeCovers(zones: Readonly<Record<Zone, MaybeZone>>, lips: ZoneStatistics): [number, number] {
  const { nose, leftCheek, rightCheek, upperLip, forehead, noseBridge } = zones;
  const { leftEye, rightEye, aroundLeftEye, aroundRightEye } = zones;
  const left = aroundLeftEye && leftEye && irisOf(aroundLeftEye, leftEye);
  const right = aroundRightEye && rightEye && irisOf(aroundRightEye, rightEye);
  const pair = darkPair([aroundLeftEye, aroundRightEye], [nose, forehead, upperLip]);
  return [
    Math.max(pair, eyeCover(aroundLeftEye, leftEye, right, bare([leftCheek, nose, noseBridge], forehead), lips)),
    Math.max(pair, eyeCover(aroundRightEye, rightEye, left, bare([rightCheek, nose, noseBridge], forehead), lips)),
  ];
}

function eyeCover(
  around: MaybeZone,
  eye: MaybeZone,
  other: number | null,
  skin: readonly ZoneStatistics[],
  lips: ZoneStatistics,
): number {
  if (!around || skin.length === 0) return 0;
  const reference = log(Math.min(...skin.map(({ luma }) => luma)));
  const darkness = reference - (log(around.luma) + log(around.bright)) / 2;
  const colour = colourDistance(around, skin);
  const flatness = eye ? -relativeDeviation(eye) / detail([lips], DETAIL.lips) : Number.NEGATIVE_INFINITY;
  return Math.max(
    ramp(darkness, 0.6, 0.9),
    ramp(reference - log(around.luma), 0.8, 1),
    ramp(colour, 0.06, 0.1),
    ramp(flatness, -0.12, -0.07),
    eye ? irisless(irisOf(around, eye), other, eye, lips) : 0,
  );
}

/** Zones of bare skin: a forehead half as dark as the darkest of the others is hair or a hat. */
function bare(zones: readonly MaybeZone[], forehead: MaybeZone): ZoneStatistics[] {
  const known = zones.filter((zone) => zone !== null);
  const darkest = Math.min(...known.map(({ luma }) => luma));
  return forehead && (known.length === 0 || forehead.luma > darkest / 2) ? [...known, forehead] : known;
}

/**
 * 1 where both eyes lie in the dark and the middle of the face, forehead to upper lip, does not: large dark glasses, which cover the cheeks
 * with them. Eye shadow and deep-set eyes stay below.
 */
function darkPair(eyes: readonly MaybeZone[], middle: readonly MaybeZone[]): number {
  const [around, lit] = [eyes, middle].map((zones) => zones.filter((zone) => zone !== null).map(({ luma }) => luma));
  if (around?.length !== 2 || lit?.length !== 3) return 0;
  return ramp(log(Math.min(...lit)) - log(Math.max(...around)), 0.65, 0.85);
}

/** How much darker the darkest of an eye is than the skin around it, in log luminance: an open eye has an iris. */
function irisOf(around: ZoneStatistics, eye: ZoneStatistics): number {
  return log(around.luma) - log(eye.dark);
}

/** 1 where one eye shows hardly an iris nor other detail while the other one does: hair or a hand over it. Eyes shut against the sun are shut alike. */
function irisless(iris: number, other: number | null, eye: ZoneStatistics, lips: ZoneStatistics): number {
  const full = detail([lips], DETAIL.lips);
  if (other === null || other <= 0) return 0;
  return (
    ramp(-iris / other, -0.3, -0.22) * ramp(other / full, 0.4, 0.6) * ramp(-relativeDeviation(eye) / full, -0.17, -0.13)
  );
}
