import { renderSVG } from 'uqr';

/**
 * A QR code (ISO/IEC 18004) of a text as the address of a picture, drawn here. Error correction M, as passes are shown on scratched screens
 * and printed small; a margin of four modules, as the standard asks.
 */
export function qrCode(text: string): string {
  return `data:image/svg+xml,${encodeURIComponent(renderSVG(text, { ecc: 'M', border: 4 }))}`;
}
