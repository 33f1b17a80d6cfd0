/** Set to 1 to accept, knowingly, a data key that is only obfuscated on disk. */
export const ALLOW_BASIC_TEXT = 'VESTIBULE_ALLOW_BASIC_TEXT';

export interface KeyStore {
  platform: NodeJS.Platform;
  /** Whether the system's key store answered at all. */
  available: boolean;
  /** Linux: what Electron selected (`gnome_libsecret`, `kwallet6`, `basic_text`…); elsewhere the system's own. */
  backend: string;
  /** What the environment says. */
  allowBasicText: boolean;
}

export type KeyDecision = { ok: true; backend: string } | { ok: false; message: string };

const INSTEAD =
  `Unlock or install a keyring (GNOME Keyring, KWallet) and start again, or run “vestibule serve”, which keeps its key in a file only you can read. ` +
  `${ALLOW_BASIC_TEXT}=1 accepts a key that anyone who can read your files can read.`;

/** Whether the data key may be put under this key store. `basic_text` is a password everybody knows: no protection, so never silently. */
export function mayKeepKey(store: KeyStore): KeyDecision {
  if (store.platform === 'linux' && store.backend === 'basic_text') {
    return store.allowBasicText
      ? { ok: true, backend: 'basic_text' }
      : { ok: false, message: `This desktop has no keyring to protect the station's key. ${INSTEAD}` };
  }
  if (!store.available) {
    return { ok: false, message: `The system's key store does not answer. ${INSTEAD}` };
  }
  return { ok: true, backend: store.backend };
}

/**
 * What a wrapped key was really protected with. On Linux Chromium falls back to a built-in password when the keyring it selected does not
 * answer, and says so only in the prefix of what it encrypts: `v10`.
 */
export function actualBackend(platform: NodeJS.Platform, selected: string, wrapped: Uint8Array): string {
  const prefix = String.fromCharCode(...wrapped.subarray(0, 3));
  return platform === 'linux' && prefix === 'v10' ? 'basic_text' : selected;
}

/** Said when the key on disk was wrapped by another key store than today's: nothing is overwritten, because the old one may come back. */
export function changedKeyStore(recorded: string, current: string): string {
  return (
    `The station's key was protected with ${recorded} and cannot be opened with ${current}. Nothing was changed. ` +
    `Log in to the desktop it was made on, or unlock that keyring, and start again.`
  );
}
