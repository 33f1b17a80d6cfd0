import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Seals data at rest: AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D §8.2.2), bound to its place by additional
 * authenticated data, so that a sealed record cannot be put in another's stead.
 */
export interface Sealer {
  seal(plain: Uint8Array, place: string): Uint8Array;
  /** Throws `SealError` when the data was altered, was sealed for another place or with another key. */
  open(sealed: Uint8Array, place: string): Buffer;
  /** A keyed digest that finds equal values without telling them (HMAC-SHA-256). */
  index(value: string): Uint8Array;
}

export class SealError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SealError';
  }
}

const VERSION = 1;
const NONCE = 12;
const TAG = 16;

/** @param dataKey 32 bytes; encryption and index keys are derived from it (HKDF-SHA-256), so that neither tells of the other. */
export function createSealer(dataKey: Uint8Array): Sealer {
  if (dataKey.length !== 32) throw new SealError('the data key must be 32 bytes');
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', dataKey, '', `vestibule ${purpose}`, 32));
  const encryption = derive('seal');
  const indexing = derive('index');

  return {
    seal(plain, place) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', encryption, nonce);
      cipher.setAAD(Buffer.from(place, 'utf8'));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, place) {
      if (sealed.length < 1 + NONCE + TAG || sealed[0] !== VERSION) throw new SealError('this is not sealed data');
      const decipher = createDecipheriv('aes-256-gcm', encryption, sealed.subarray(1, 1 + NONCE), {
        authTagLength: TAG,
      });
      decipher.setAAD(Buffer.from(place, 'utf8'));
      decipher.setAuthTag(sealed.subarray(1 + NONCE, 1 + NONCE + TAG));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE + TAG)), decipher.final()]);
      } catch {
        throw new SealError('sealed data was altered, moved, or sealed with another key');
      }
    },
    index: (value) => createHmac('sha256', indexing).update(value, 'utf8').digest(),
  };
}

/** A sealer that knows several keys: while one is replaced, all who seal and open go on with the same object. */
export interface KeyRing extends Sealer {
  /** From now on this key seals and makes digests; the others still open. */
  use(key: Uint8Array): void;
  /** Only the key in use is left. */
  dropOthers(): void;
}

/**
 * Seals with one key and opens what any of several sealed: while a key is being replaced, both are in use.
 * @param current the key new data is sealed with; also the one of the digests
 */
export function createKeyRing(current: Uint8Array, keys: readonly Uint8Array[]): KeyRing {
  let sealer = createSealer(current);
  let others = keys.filter((key) => !Buffer.from(key).equals(current)).map(createSealer);
  return {
    seal: (plain, place) => sealer.seal(plain, place),
    index: (value) => sealer.index(value),
    open(sealed, place) {
      try {
        return sealer.open(sealed, place);
      } catch (error) {
        for (const other of others) {
          try {
            return other.open(sealed, place);
          } catch {
            // Not this one's either.
          }
        }
        throw error;
      }
    },
    use(key) {
      others = [sealer, ...others];
      sealer = createSealer(key);
    },
    dropOthers() {
      others = [];
    },
  };
}

/** Seals a value as JSON. */
export function sealJson(sealer: Sealer, value: unknown, place: string): Uint8Array {
  return sealer.seal(Buffer.from(JSON.stringify(value), 'utf8'), place);
}

export function openJson(sealer: Sealer, sealed: Uint8Array, place: string): unknown {
  return JSON.parse(sealer.open(sealed, place).toString('utf8'));
}
