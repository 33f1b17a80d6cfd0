import { toSvgDataURL } from 'lean-qr/extras/svg';
import { correction, generate } from 'lean-qr/nano';

/**
 * A QR code (ISO/IEC 18004) of a text as the address of a picture, drawn here. Error correction M or more, as passes are shown on scratched
 * screens and printed small; a margin of four modules, as the standard asks.
 */
export function qrCode(text: string): string {
  return toSvgDataURL(generate(text, { minCorrectionLevel: correction.M }), { on: 'black', off: 'white' });
}
