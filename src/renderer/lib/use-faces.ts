import { useEffect, useState } from 'react';
import { bridge } from '../bridge.ts';

export interface Faces {
  own: string | null;
  other: string | null;
  /** `none`: there is no picture of the other person; `unreachable`: there may be one. */
  state: 'asking' | 'shown' | 'none' | 'unreachable';
}

const ASKING: Faces = { own: null, other: null, state: 'asking' };

/** Both faces of a delivery that asks, as object URLs that live as long as they are on the screen. */
export function useFaces(delivery: string): Faces {
  const [faces, setFaces] = useState<Faces>(ASKING);
  useEffect(() => {
    const urls: string[] = [];
    let gone = false;
    const urlOf = (bytes: Uint8Array<ArrayBuffer> | null): string | null => {
      if (bytes === null) return null;
      const url = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
      urls.push(url);
      return url;
    };
    setFaces(ASKING);
    bridge.call('delivery.faces', { id: delivery }).then(
      ({ own, other, unreachable }) => {
        if (gone) return;
        const state = other !== null ? 'shown' : unreachable ? 'unreachable' : 'none';
        setFaces({ own: urlOf(own), other: urlOf(other), state });
      },
      // Answered meanwhile, or not for this person to see: the question stands without pictures.
      () => {
        if (!gone) setFaces({ ...ASKING, state: 'unreachable' });
      },
    );
    return () => {
      gone = true;
      for (const url of urls) URL.revokeObjectURL(url);
    };
  }, [delivery]);
  return faces;
}
