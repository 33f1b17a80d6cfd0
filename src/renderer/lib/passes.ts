import type { GatePass } from '#shared/gates';

/** More than the station keeps at hand are not shown. */
const SHOWN = 300;

/** Passes with one more, or one told anew, newest first. */
export function withPass(passes: readonly GatePass[], pass: GatePass): GatePass[] {
  const others = passes.filter(({ id }) => id !== pass.id);
  const at = others.findIndex((other) => other.at <= pass.at);
  return others.toSpliced(at === -1 ? others.length : at, 0, pass).slice(0, SHOWN);
}
