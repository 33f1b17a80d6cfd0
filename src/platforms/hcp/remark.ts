/**
 * The person's remark in HikCentral carries the version of the picture that was sent, so that an unchanged one is not sent again:
 * `photo:0123456789abcdef`, then ` | ` and the person's own remark where both fit. The sixteen digits are the beginning of the
 * version. A remark in any other form (another tool's, or typed by hand) is an unknown version, and is kept as the own part.
 */
const DIGITS = 16;
/** HikCentral's limit of a remark. */
const LONGEST = 128;
const FORM = /^photo:([0-9a-f]{16})(?: \| ([\s\S]*))?$/;

export interface Remark {
  /** First digits of the picture's version; null where the remark tells none. */
  photo: string | null;
  own: string;
}

export function parseRemark(remark: string | null | undefined): Remark {
  const text = remark ?? '';
  const found = FORM.exec(text);
  return found === null ? { photo: null, own: text } : { photo: found[1] ?? null, own: found[2] ?? '' };
}

/** Whether a picture of this version is the one the remark tells of. */
export function samePhoto(remark: Remark, version: string): boolean {
  return remark.photo === mark(version);
}

function mark(version: string): string {
  return version
    .toLowerCase()
    .replace(/[^0-9a-f]/g, '')
    .slice(0, DIGITS)
    .padEnd(DIGITS, '0');
}

/** The remark to write, and whether the own part had to be left out for its length. */
export function formatRemark(version: string, own: string): { text: string; dropped: boolean } {
  const head = `photo:${mark(version)}`;
  if (own === '') return { text: head, dropped: false };
  const whole = `${head} | ${own}`;
  return whole.length <= LONGEST ? { text: whole, dropped: false } : { text: head, dropped: true };
}

/** A remark that is the person's alone, cut to HikCentral's limit, and whether it had to be. */
export function shortened(own: string): { text: string; dropped: boolean } {
  return { text: own.slice(0, LONGEST), dropped: own.length > LONGEST };
}
