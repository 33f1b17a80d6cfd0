/**
 * How a spreadsheet shows whole numbers under formats that codes, cards and phones are given (ECMA-376 part 1 §18.8.31): `00000`, `"TP"000`,
 * `000-0000`, `0%`. All other formats change nothing of what is read.
 */
export type NumberFormat =
  | { kind: 'digits'; pieces: readonly Piece[] }
  /** @param decimals behind the point */
  | { kind: 'percent'; decimals: number };

/** Text as it stands, or the place of a digit; `fill`: it shows a zero where the number has no digit there. */
type Piece = { text: string } | { fill: boolean };

/** Formats of Excel's own that are read here, by their number (§18.8.30). */
export const BUILT_IN: ReadonlyMap<string, NumberFormat> = new Map([
  ['9', { kind: 'percent', decimals: 0 }],
  ['10', { kind: 'percent', decimals: 2 }],
]);

/** What a format shows of its own; null where it leaves numbers as they are, or is none of those that are read here (pure). */
export function numberFormat(code: string): NumberFormat | null {
  const percent = /^0(?:\.(0+))?%$/.exec(code);
  if (percent) return { kind: 'percent', decimals: percent[1]?.length ?? 0 };
  const pieces: Piece[] = [];
  let zero = false;
  let rest = code;
  while (rest !== '' && !rest.startsWith(';')) {
    const [token = '', quoted, escaped, plain, colour, digit] =
      /^(?:"([^"]*)"|\\(.)|([-+ ()/:])|(?:\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?\d+)\]|_.)()|([0#?]))/i.exec(
        rest,
      ) ?? [];
    if (token === '') return null;
    rest = rest.slice(token.length);
    const text = quoted ?? escaped ?? plain;
    if (text !== undefined) pieces.push({ text });
    else if (digit !== undefined) {
      // What stands behind the first zero is shown however short the number is.
      zero ||= digit === '0';
      pieces.push({ fill: zero });
    } else if (colour === undefined) return null;
  }
  const places = pieces.filter((piece) => 'fill' in piece);
  if (places.length === 0) return null;
  const filled = places.filter(({ fill }) => fill).length;
  return filled < 2 && !pieces.some(isWord) ? null : { kind: 'digits', pieces };
}

/** Text that is part of what is meant, and not there to be read more easily. */
const isWord = (piece: Piece): boolean => 'text' in piece && /[\p{L}\p{N}+]/u.test(piece.text);

/**
 * A number as its format shows it; null where it is left as it is (pure). Blanks, dashes and brackets alone between digits are for the eye
 * (`0000-0000`): they are no part of the value; beside a word (`"TP-"000`) all is as shown.
 */
export function shownNumber(value: unknown, format: NumberFormat | undefined): string | null {
  if (format === undefined || typeof value !== 'number') return null;
  if (format.kind === 'percent') return `${(value * 100).toFixed(format.decimals)}%`;
  if (!Number.isSafeInteger(value) || value < 0) return null;
  const { pieces } = format;
  const places = pieces.filter((piece) => 'fill' in piece);
  const whole = String(value);
  const digits = whole.padStart(places.length, ' ');
  const spoken = pieces.some(isWord);
  let text = '';
  let place = 0;
  for (const piece of pieces) {
    if ('text' in piece) {
      if (spoken) text += piece.text;
      continue;
    }
    // More digits than places stand at the first of them.
    const [from, to] = [
      place === 0 ? 0 : digits.length - places.length + place,
      digits.length - places.length + place + 1,
    ];
    const shown = digits.slice(from, to);
    text += shown === ' ' ? (piece.fill ? '0' : '') : shown;
    place += 1;
  }
  return text.trim();
}
