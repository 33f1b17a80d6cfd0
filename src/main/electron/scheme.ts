import type { CustomScheme } from 'electron';
import { readWebFile, type WebRoots, webFile } from '../static-files.ts';
import { securityHeaders } from '../web-policy.ts';
import { CRASH_PAGE, crashPage } from './crash.ts';
import { ownUrl, SCHEME } from './origin.ts';

/** Must be registered before Electron is ready. `standard` gives it an origin, `secure` the camera, `supportFetchAPI` the models. */
export const SCHEME_PRIVILEGES: CustomScheme = {
  scheme: SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

/** Answers the page's requests: files of the two roots, and the page that explains a crash. GET and HEAD only. */
export function schemeHandler(roots: WebRoots): (request: Pick<Request, 'url' | 'method'>) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, 'method not allowed');
    const url = ownUrl(request.url);
    if (!url) return answer(404, 'not found');
    if (url.pathname === CRASH_PAGE) return answer(200, crashPage(), 'text/html; charset=utf-8');
    const file = webFile(roots, url.pathname);
    const content = file && (await readWebFile(file));
    if (!file || !content) return answer(404, 'not found');
    return answer(200, new Uint8Array(content.bytes), file.type, file.cache);
  };
}

function answer(
  status: number,
  body: string | Uint8Array<ArrayBuffer>,
  type = 'text/plain; charset=utf-8',
  cache = 'no-store',
): Response {
  return new Response(body, {
    status,
    headers: { ...securityHeaders(), 'content-type': type, 'cache-control': cache },
  });
}
