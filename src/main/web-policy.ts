/**
 * What the page may do, as both shells' servers tell the browser with every answer. One function, so that what is tested in Chromium
 * over the loopback host is what Electron's scheme sends.
 *
 * `'wasm-unsafe-eval'` compiles the face engine's WebAssembly; `blob:` pictures are previews of photos the page already holds. Nothing is
 * inline, nothing comes from anywhere else.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "style-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Powerful features: our own page's camera, and nothing else. */
const PERMISSIONS_POLICY = [
  'camera=(self)',
  'microphone=()',
  'display-capture=()',
  'geolocation=()',
  'usb=()',
  'serial=()',
  'hid=()',
  'midi=()',
  'payment=()',
].join(', ');

/** The headers of every answer that a page may see, lower case. */
export function securityHeaders(): Record<string, string> {
  return {
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'permissions-policy': PERMISSIONS_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}

/**
 * How long a browser may keep a file: what carries a hash in its name never changes; everything else is asked for again (a station is
 * updated in place, and an old page against a new station would break the contract).
 */
export function cacheControl(urlPath: string): string {
  return /^\/assets\/[^/]+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/.test(urlPath)
    ? 'private, max-age=31536000, immutable'
    : 'no-cache';
}
