import { readFile, stat } from 'node:fs/promises';
import { extname, isAbsolute, join, relative } from 'node:path';
import { cacheControl } from './web-policy.ts';

/** The two folders a page is made of. */
export interface WebRoots {
  /** The built renderer; `/` is its index.html. */
  renderer: string;
  /** Models and WebAssembly of the face engine, under `/engine/`. */
  engine: string;
}

/** Everything the build emits. What is not here is not served: an unknown ending is a file that got there by mistake. */
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.wav': 'audio/wav',
  '.ogg': 'audio/ogg',
};

export interface WebFile {
  path: string;
  type: string;
  cache: string;
}

/**
 * The file behind a URL's path, or null where there is none to be served. The path is taken percent-encoded, as it came, and decoded once:
 * what is still encoded after that is a file name, not a way out. Backslashes, NUL and drive letters have no place in our names.
 */
export function webFile(roots: WebRoots, urlPath: string): WebFile | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (!decoded.startsWith('/') || /[\\:\0]/.test(decoded)) return null;
  // Named by segment, not left to `join`: `/engine/../x` must not become a file of the other root.
  if (decoded.split('/').includes('..')) return null;
  const [root, name] = decoded.startsWith('/engine/')
    ? [roots.engine, decoded.slice('/engine/'.length)]
    : [roots.renderer, decoded === '/' ? 'index.html' : decoded.slice(1)];
  const type = TYPES[extname(name).toLowerCase()];
  if (!type) return null;
  const path = join(root, name);
  const inside = relative(root, path);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) return null;
  return { path, type, cache: cacheControl(decoded) };
}

/** A file's bytes, with a tag that changes when the file does. Null when it is not there or is no regular file. */
export async function readWebFile(file: WebFile): Promise<{ bytes: Buffer; etag: string } | null> {
  try {
    const info = await stat(file.path);
    if (!info.isFile()) return null;
    return { bytes: await readFile(file.path), etag: `"${info.size.toString(36)}-${info.mtimeMs.toString(36)}"` };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENAMETOOLONG';
}
