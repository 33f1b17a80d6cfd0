import { useEffect, useState } from 'react';

/** An address for a picture's bytes as long as whoever shows it is there. The browser reads the first bytes for what it is. */
export function usePictureUrl(bytes: Uint8Array<ArrayBuffer> | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (bytes === null) return;
    const made = URL.createObjectURL(new Blob([bytes]));
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
      setUrl(null);
    };
  }, [bytes]);
  return url;
}
