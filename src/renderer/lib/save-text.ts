/** Gives a text, or its bytes, to the browser as a file to keep. */
export function saveText(name: string, type: string, text: string | Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has its own hold on the data once the download has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A code as a part of a file's name: letters, digits, dash and underscore alone. */
export function fileNamePart(code: string): string {
  return code.replace(/[^\p{L}\p{N}_-]+/gu, '_').slice(0, 64) || '_';
}
