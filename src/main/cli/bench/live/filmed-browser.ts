import type { Browser, BrowserType } from '@playwright/test';

export interface FilmedBrowserOptions {
  executablePath: string;
  /** What its camera sees: an MJPEG file. */
  film: string;
  signal: AbortSignal;
  /** Closes it when the bench is over. */
  parts: AsyncDisposableStack;
}

/** A Chromium with a film before its camera; it goes with `parts`, and at once when the bench is given up. */
export async function filmedBrowser(
  chromium: BrowserType,
  { executablePath, film, signal, parts }: FilmedBrowserOptions,
): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
      // Chromium refuses to run as root with its sandbox.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
  const close = async () => browser.close();
  parts.defer(close);
  signal.addEventListener('abort', close, { once: true });
  parts.defer(() => signal.removeEventListener('abort', close));
  return browser;
}
