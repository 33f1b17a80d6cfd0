import type { Session, Shell, WebContents } from 'electron';
import { ownUrl } from './origin.ts';

/** The page may go nowhere but to its own start: it is one document, and everything else would be somebody else's idea. */
export function mayNavigate(url: string): boolean {
  const own = ownUrl(url);
  return own !== null && (own.pathname === '/' || own.pathname === '/index.html');
}

/** Hosts whose pages the station links to. */
const EXTERNAL_HOSTS: readonly string[] = ['github.com'];

/**
 * Whether a link may be handed to the system's browser: https to a host of the list on its standard port, or the embedded lab's own page on
 * this machine. Never another scheme: `file:`, `ms-…:` and the like start programs.
 */
export function mayOpenOutside(value: string, labUrl: string | null): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  if (url.username !== '' || url.password !== '') return false;
  if (labUrl !== null && url.origin === new URL(labUrl).origin) return url.protocol === 'http:';
  return url.protocol === 'https:' && url.port === '' && EXTERNAL_HOSTS.includes(url.hostname);
}

/** What the page may load: our own scheme, and pictures it made itself. Developer tools load their own pages, where there are any. */
export function mayRequest(value: string, devTools: boolean): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  if (url.protocol === 'data:') return true;
  if (url.protocol === 'blob:') return ownUrl(url.pathname) !== null;
  if (url.protocol === 'devtools:') return devTools;
  return ownUrl(value) !== null;
}

/**
 * Whether a download may go on: only what the page made itself (the export of what is stored about a person). The system asks where to.
 */
export function mayDownload(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return url.protocol === 'blob:' && ownUrl(url.pathname) !== null;
}

interface Outside {
  shell: Pick<Shell, 'openExternal'>;
  labUrl(): string | null;
  onRefused(what: string): void;
}

/** Closes every way out of the page. Refusals are reported by kind; the address stays out of the log, it may carry data. */
export function installNavigation(contents: WebContents, outside: Outside): void {
  const guard = (event: { url: string; preventDefault(): void }) => {
    if (mayNavigate(event.url)) return;
    event.preventDefault();
    outside.onRefused('navigation');
  };
  contents.on('will-frame-navigate', guard);
  contents.on('will-redirect', guard);
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    outside.onRefused('webview');
  });
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url, outside.labUrl())) {
      outside.shell.openExternal(url).catch(() => outside.onRefused('external link'));
    } else {
      outside.onRefused('window');
    }
    return { action: 'deny' };
  });
}

/** Cancels every request that leaves our scheme, and every download but of what the page made itself. */
export function installRequests(session: Pick<Session, 'webRequest' | 'on'>, devTools: boolean): void {
  session.webRequest.onBeforeRequest((details, callback) => {
    callback({ cancel: !mayRequest(details.url, devTools) });
  });
  session.on('will-download', (event, item) => {
    if (!mayDownload(item.getURL())) event.preventDefault();
  });
}
