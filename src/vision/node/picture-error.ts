/** Why a picture cannot be looked at. */
export type PictureErrorCode =
  | 'not-found'
  | 'folder'
  | 'empty'
  | 'not-an-image'
  | 'heic'
  | 'unsupported'
  | 'truncated'
  | 'too-large'
  | 'unreadable';

/** A picture that cannot be looked at, and what to do about it. The message names no file: who asked knows it. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
  readonly code: PictureErrorCode;
  constructor(code: PictureErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What the decoders say, and what it means to somebody who holds the file. The first that fits counts. */
const SAYINGS: readonly { said: RegExp; code: PictureErrorCode; means: string }[] = [
  { said: /pixel limit|exceeds/i, code: 'too-large', means: 'The picture has too many pixels. Make it smaller.' },
  {
    said: /timeout/i,
    code: 'too-large',
    means: 'The picture takes too long to unpack. Open it in a photo program and save it as a smaller JPEG.',
  },
  {
    said: /unsupported (jpeg|data precision|marker|sof|codec|feature|colou?r)|sof type|not (compiled|implemented)/i,
    code: 'unsupported',
    means:
      'This variant of the format cannot be read here. Open it in a photo program and save it as an ordinary JPEG.',
  },
  {
    said: /premature|truncated|end of (file|input|stream)|unexpected end|not enough|read error|expect|bad seek|insufficient/i,
    code: 'truncated',
    means: 'The picture is incomplete: it ends early. Copy or take it again.',
  },
];

/** Says in plain words why a decoder gave up on bytes that begin like a picture. */
export function decoderFault(cause: unknown): PictureError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const known = SAYINGS.find(({ said }) => said.test(message));
  if (known) return new PictureError(known.code, known.means, { cause });
  return new PictureError(
    'unreadable',
    'The picture is damaged or incomplete and cannot be decoded. Copy or take it again.',
    {
      cause,
    },
  );
}
