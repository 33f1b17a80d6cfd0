const POINTS_PER_MM = 72 / 25.4;

const ascii = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (char) => char.charCodeAt(0));

/**
 * A PDF 1.4 document (ISO 32000-1) of one page that is one JPEG picture, edge to edge. Pure.
 * @param size of the page in millimetres; `pixels`: the picture's own
 */
export function imagePdf(
  jpeg: Uint8Array,
  pixels: { width: number; height: number },
  size: { width: number; height: number },
): Uint8Array<ArrayBuffer> {
  const [width, height] = [size.width, size.height].map((mm) => (mm * POINTS_PER_MM).toFixed(2));
  const content = `q ${width} 0 0 ${height} 0 0 cm /Badge Do Q`;
  const objects: Uint8Array[][] = [
    [ascii('<< /Type /Catalog /Pages 2 0 R >>')],
    [ascii('<< /Type /Pages /Kids [3 0 R] /Count 1 >>')],
    [
      ascii(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Resources << /XObject << /Badge 4 0 R >> >> /Contents 5 0 R >>`,
      ),
    ],
    [
      ascii(
        `<< /Type /XObject /Subtype /Image /Width ${pixels.width} /Height ${pixels.height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${jpeg.byteLength} >>\nstream\n`,
      ),
      jpeg,
      ascii('\nendstream'),
    ],
    [ascii(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`)],
  ];
  // Four bytes beyond ASCII tell programs that move files that this one is no text (7.5.2).
  const parts: Uint8Array[] = [ascii('%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n')];
  const offsets: number[] = [];
  const length = () => parts.reduce((sum, part) => sum + part.byteLength, 0);
  for (const [index, body] of objects.entries()) {
    offsets.push(length());
    parts.push(ascii(`${index + 1} 0 obj\n`), ...body, ascii('\nendobj\n'));
  }
  const table = length();
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const count = objects.length + 1;
  parts.push(
    ascii(
      `xref\n0 ${count}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`,
    ),
  );
  const whole = new Uint8Array(length());
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
