import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import type { build } from 'vite';
import { readWebFile, type WebRoots, webFile } from '../../../static-files.ts';
import { securityHeaders } from '../../../web-policy.ts';

/** Where the comparison's own scripts lie, apart from the station's assets. */
const FOLDER = 'compare';
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.html': 'text/html', '.jpg': 'image/jpeg' };

export interface CompareServer {
  url: string;
  close(): Promise<void>;
}

/**
 * Builds the page of the comparison in memory (it is no part of the station's renderer) and serves it beside the station's built files and
 * engine, under the station's own security policy.
 *
 * @param frames JPEG files by path, from the root
 */
export async function serveComparison(options: {
  root: string;
  roots: WebRoots;
  build: typeof build;
  frames: ReadonlyMap<string, Uint8Array>;
}): Promise<CompareServer> {
  const { root, roots, frames } = options;
  const files = new Map<string, Uint8Array | string>(frames);
  const built = await options.build({
    configFile: false,
    root: join(root, 'src/vision/browser/bench'),
    logLevel: 'error',
    worker: { format: 'es' },
    build: {
      write: false,
      target: 'chrome120',
      assetsDir: FOLDER,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: join(root, 'src/vision/browser/bench/page.ts') },
    },
  });
  for (const one of Array.isArray(built) ? built : 'output' in built ? [built] : []) {
    for (const file of one.output) {
      files.set(`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source);
      if (file.type === 'chunk' && file.isEntry) {
        files.set(
          '/',
          `<!doctype html><title>bench live</title><script type="module" src="/${file.fileName}"></script>`,
        );
      }
    }
  }
  if (!files.has('/')) throw new Error('the page of the comparison could not be built');

  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const send = (status: number, type: string, body: Uint8Array | string) =>
      response.writeHead(status, { ...securityHeaders(), 'content-type': type }).end(body);
    const own = files.get(path);
    if (own !== undefined) {
      send(200, TYPES[extname(path) || '.html'] ?? 'application/octet-stream', own);
      return;
    }
    const file = webFile(roots, path);
    (file ? readWebFile(file) : Promise.resolve(null)).then(
      (content) => (file && content ? send(200, file.type, content.bytes) : send(404, 'text/plain', 'not found')),
      () => send(500, 'text/plain', 'cannot be read'),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
