import type { RenderProcessGoneDetails } from 'electron';
import { START_PAGE } from './origin.ts';

/** Where the page that explains a crash lives; the scheme's handler makes it, so that it works when the renderer's files do not. */
export const CRASH_PAGE = '/stopped';
export const CRASH_PAGE_URL = `${START_PAGE}stopped`;

const WINDOW_MS = 60_000;
const RELOADS = 3;

export interface CrashDecision {
  action: 'ignore' | 'reload' | 'explain';
  /** The reloads that still count, to be handed in the next time. */
  history: number[];
}

/**
 * What to do when the page's process is gone: reload, at most three times a minute; then explain, because a page that dies at once would
 * otherwise blink for ever. `history` holds the times of reloads (ms).
 */
export function afterCrash(
  history: readonly number[],
  now: number,
  reason: RenderProcessGoneDetails['reason'],
): CrashDecision {
  const recent = history.filter((at) => now - at < WINDOW_MS);
  if (reason === 'clean-exit') return { action: 'ignore', history: recent };
  // A process that cannot start, or whose files were tampered with, will not do better the next time.
  if (reason === 'launch-failed' || reason === 'integrity-failure' || recent.length >= RELOADS) {
    return { action: 'explain', history: recent };
  }
  return { action: 'reload', history: [...recent, now] };
}

/** A page without script or style: it must show when nothing else does. Both languages, because settings are not at hand. */
export function crashPage(): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Vestibule</title>
<h1>The screen stopped working</h1>
<p>It was restarted several times and stopped again. Nothing that was enrolled is lost: deliveries go on in the background.</p>
<p><a href="${START_PAGE}">Try again</a>. If this page comes back, close the program, start it again, and tell whoever looks after this station.</p>
<section lang="zh-CN">
<h2>界面已停止工作</h2>
<p>界面多次重启后仍然停止。已登记的信息不会丢失,后台会继续下发。</p>
<p><a href="${START_PAGE}">重试</a>。如果此页面再次出现,请关闭并重新启动程序,并通知管理员。</p>
</section>
</html>
`;
}
