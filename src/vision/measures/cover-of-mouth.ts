import type { Zone } from '../engines/mesh-points.ts';
import {
  colourDistance,
  DETAIL,
  detail,
  log,
  type MaybeZone,
  nearest,
  ramp,
  relativeDeviation,
  unlike,
} from './zone-likeness.ts';
import type { ZoneStatistics } from './zones.ts';

/**
 * How far nose, mouth and chin are covered, 0–1: the plainest of several signs, none of which a beard, shade, coloured light or make-up gives.
 *
 * *Cloth of another colour*: shade and highlight move skin along one line of chromaticity, within 0.04 of it all over a face, in coloured
 * light and with a beard too; cloth is 0.1 and more away. *A print*: bare skin has one colour. *Black cloth*: no beard grows on nose and
 * cheeks. *No mouth*: whatever lies over a mouth looks alike where the lips are and around it, and shows no detail or is of another
 * material; lips differ from the skin around them in light or redness, or have a line between them. *No nose*: a nose has shade and nostrils,
 * what lies over it hardly any – with lips below it it is a nose in flat light.
 *
 * @returns null when too little of the face is to be seen
 */
export function mouthCover(zones: Readonly<Record<Zone, MaybeZone>>, lips: ZoneStatistics): number | null {
  const { nose, leftCheek, rightCheek, upperLip, chin, forehead, noseBridge, leftEye, rightEye } = zones;
  const skin = [forehead, noseBridge].filter((zone) => zone !== null);
  const lower = [nose, leftCheek, rightCheek, upperLip].filter((zone) => zone !== null);
  const lipSkin = [upperLip, chin].filter((zone) => zone !== null);
  if (skin.length === 0 || lower.length < 2 || lipSkin.length === 0) return null;
  const middle = [nose, leftCheek, rightCheek];
  const eyes = [leftEye, rightEye];
  return Math.max(
    clothed(skin, lower, lipSkin, lips),
    ramp(foreignColour(skin, middle, lipSkin), 0.05, 0.09),
    noseless(nose, eyes) * lipless(lips, lipSkin),
    mouthless(lips, lipSkin, middle, eyes),
    blackened(middle, skin),
    patterned(lower, skin),
  );
}

/** 1 where the lower face differs from the skin above as a whole, and shows no lips and no line between them. */
function clothed(
  skin: readonly ZoneStatistics[],
  lower: readonly ZoneStatistics[],
  lipSkin: readonly ZoneStatistics[],
  lips: ZoneStatistics,
): number {
  const foreign = lower.map((zone) => nearest(zone, skin)).sort((a, b) => a - b)[1] ?? 0;
  const lipColour = nearest(lips, lipSkin);
  const lipLine = log(Math.min(...lipSkin.map(({ luma }) => luma))) - log(lips.dark);
  const byColour = ramp(foreign / 0.5 - Math.max(lipColour / 0.5, lipLine / 0.9), 0.4, 0.7);
  // A mask of the skin's own colour still leaves a mouth without lips, line or shading.
  const flatness = ramp(-relativeDeviation(lips), -0.12, -0.06) * ramp(-lipLine, -0.14, -0.08);
  return Math.max(byColour, flatness);
}

/** How far the lower face is from the skin above in chromaticity: both beside the mouth, and at nose or cheeks, where no beard grows. */
function foreignColour(
  skin: readonly ZoneStatistics[],
  middle: readonly MaybeZone[],
  lipSkin: readonly ZoneStatistics[],
): number {
  const [nose, ...cheeks] = middle.map((zone) => (zone ? colourDistance(zone, skin) : 0));
  const bare = Math.max(nose ?? 0, Math.min(...cheeks));
  return Math.min(bare, Math.max(...lipSkin.map((zone) => colourDistance(zone, skin))));
}

/** 1 where a nose should be and nothing has a shade, although the eyes of the same picture show detail. */
function noseless(nose: MaybeZone, eyes: readonly MaybeZone[]): number {
  return nose ? ramp(-relativeDeviation(nose) / detail(eyes, DETAIL.eyes), -0.13, -0.08) : 0;
}

/** 1 where the place of the lips looks like what is around them in light and colour, redness included. */
function lipless(lips: ZoneStatistics, lipSkin: readonly ZoneStatistics[]): number {
  return ramp(-Math.min(...lipSkin.map((zone) => unlike(lips, zone))), -0.13, -0.08);
}

/** 1 where no mouth is to be seen: no lips, and either nothing between them, or all of it far from cheeks and nose in light or colour. */
function mouthless(
  lips: ZoneStatistics,
  lipSkin: readonly ZoneStatistics[],
  middle: readonly MaybeZone[],
  eyes: readonly MaybeZone[],
): number {
  const bare = middle.filter((zone) => zone !== null);
  const [darkest = 0, middling = darkest] = bare.map(({ luma }) => luma).sort((a, b) => a - b);
  const cheek = log(middling);
  const flat = ramp(-relativeDeviation(lips) / detail(eyes, DETAIL.eyes), -0.125, -0.09);
  const dark = ramp(cheek - log(lips.luma), 1.2, 1.5);
  const bright = ramp(log(lips.luma) - cheek, 0.2, 0.4);
  const colour = colourDistance(lips, bare);
  // Teeth and lips together may come to the colour of a chin, but light and dark lie side by side there.
  const plain = ramp(-relativeDeviation(lips), -0.45, -0.35);
  return (
    lipless(lips, lipSkin) *
    Math.max(flat, dark, ramp(colour, 0.12, 0.16), plain * Math.max(bright, ramp(colour, 0.05, 0.09)))
  );
}

/** 1 where nose and both cheeks, on which no beard grows, are far darker than the skin above: black cloth, which has no colour to tell. */
function blackened(middle: readonly MaybeZone[], skin: readonly ZoneStatistics[]): number {
  const known = middle.filter((zone) => zone !== null);
  if (known.length < 3) return 0;
  const above = Math.max(...skin.map(({ luma }) => luma));
  return ramp(log(above) - log(Math.max(...known.map(({ luma }) => luma))), 0.7, 1);
}

/** 1 where what should be bare skin is of several colours, and the skin above is not: a print. */
function patterned(lower: readonly ZoneStatistics[], skin: readonly ZoneStatistics[]): number {
  const [, middle = 0] = lower.map(({ mottled }) => mottled).sort((a, b) => a - b);
  const above = Math.min(...skin.map(({ mottled }) => mottled));
  return ramp(middle - 2 * above, 0.012, 0.02);
}
