/**
 * A guest has no field for our key (§6.3.4), so it stands at the beginning of the remark: `[TP012345]`, then a blank and the
 * person's own remark. It is how a guest is found again.
 */
export function markedRemark(code: string, own: string): string {
  return own === '' ? `[${code}]` : `[${code}] ${own}`;
}

/** Whether a guest's remark carries this very code. */
export function carriesCode(remark: string | null | undefined, code: string): boolean {
  const mark = `[${code}]`;
  return remark === mark || remark?.startsWith(`${mark} `) === true;
}

/** The person's own part of a marked remark. */
export function ownRemark(remark: string | null | undefined, code: string): string {
  if (!carriesCode(remark, code)) return remark ?? '';
  return (remark ?? '').slice(code.length + 3);
}

/** The code a guest's remark carries, or null. */
export function codeIn(remark: string | null | undefined): string | null {
  return /^\[(.+?)\](?: |$)/.exec(remark ?? '')?.[1] ?? null;
}
