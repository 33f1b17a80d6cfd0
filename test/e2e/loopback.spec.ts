import { createServer, type Server } from 'node:http';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { type RunningStation, startStation, watch } from './harness.ts';
import { lookAround } from './look.ts';

/** What only a real browser shows of the loopback host: its cookies, its headers' effect, and what other pages get to see. */

let station: RunningStation;
let neighbour: Server;

test.beforeAll(async () => {
  station = await startStation();
  neighbour = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>a page of another program</title>');
  });
  await new Promise<void>((resolve) => neighbour.listen(0, '127.0.0.1', resolve));
});

test.afterAll(async () => {
  neighbour?.close();
  await station?.stop();
});

const shown = (page: Page) => expect(page.getByTestId('start')).toBeVisible();
const problem = (page: Page, name: string): Locator => page.locator(`[data-problem="${name}"]`);

test('the one-time link opens one browser, which then needs no link', async ({ browser }) => {
  const first = await browser.newContext();
  const page = await first.newPage();
  const complaints = watch(page);
  await page.goto(station.url);
  await shown(page);
  expect(new URL(page.url()).hash).toBe('');
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(await first.cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Strict', path: '/', domain: '127.0.0.1' }]);
  expect((await first.cookies())[0]?.expires, 'gone with the browser').toBe(-1);

  await page.reload();
  await shown(page);
  const second = await first.newPage();
  await second.goto(station.url);
  await shown(second);
  expect(complaints).toEqual([]);

  const elsewhere = await browser.newContext({ locale: 'zh-CN' });
  const late = await elsewhere.newPage();
  await late.goto(station.url);
  await expect(problem(late, 'link-used')).toBeVisible();
  await lookAround(late, 'link-used');
  await late.goto(new URL('/', station.url).href);
  await expect(problem(late, 'session')).toBeVisible();
  expect(await elsewhere.cookies()).toEqual([]);
  const third = await browser.newPage({ locale: 'en-GB' });
  await third.goto(new URL('/', station.url).href);
  await expect(problem(third, 'session')).toBeVisible();
  await lookAround(third, 'session-over');
  await third.context().close();
  await first.close();
  await elsewhere.close();
});

test('another program’s page gets nothing, even beside the session’s cookie', async ({ browser }) => {
  // Cookies do not know ports: to them a page of another port on this machine is the same site.
  const fresh = await startStation();
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(fresh.url);
    await shown(page);
    const files = await page.evaluate(() => ({
      script: document.scripts[0]?.src ?? '',
      img: document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href ?? '',
    }));
    const address = neighbour.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const stranger = await context.newPage();
    await stranger.goto(`http://127.0.0.1:${port}/`);
    const got = await stranger.evaluate(
      async ({ target, files }) => {
        const call = new URL('/call/settings.get', target);
        const body = new Uint8Array([0x80]);
        const failed = (error: unknown) => (error instanceof TypeError ? 'refused' : 'something else');
        const post = (init: RequestInit) =>
          fetch(call, { method: 'POST', credentials: 'include', body, ...init }).then(({ status }) => status, failed);
        const embed = (tag: 'script' | 'img') =>
          new Promise<string>((resolve) => {
            const element = document.createElement(tag);
            element.onload = () => resolve('loaded');
            element.onerror = () => resolve('refused');
            element.src = files[tag];
            document.head.append(element);
          });
        return {
          call: await post({ headers: { 'content-type': 'application/msgpack' } }),
          simple: await post({ mode: 'no-cors' }),
          session: await fetch(new URL('/session', target), { credentials: 'include' }).then(
            ({ status }) => status,
            failed,
          ),
          events: await new Promise<string>((resolve) => {
            const socket = new WebSocket(new URL('/events', target.replace('http:', 'ws:')));
            socket.onopen = () => resolve('open');
            socket.onerror = () => resolve('refused');
          }),
          script: await embed('script'),
          image: await embed('img'),
        };
      },
      { target: new URL('/', fresh.url).href, files },
    );
    const refused = 'refused';
    expect(got).toEqual({
      call: refused,
      simple: refused,
      session: refused,
      events: refused,
      script: refused,
      image: refused,
    });

    expect(Object.values(files)).not.toContain('');
    await stranger.setContent(`<iframe src="${new URL('/', fresh.url).href}"></iframe>`);
    await expect.poll(() => stranger.frames().length).toBe(2);
    expect(await stranger.frames()[1]?.locator('[data-testid=start]').count()).toBe(0);
    await context.close();
  } finally {
    await fresh.stop();
  }
});

test('the page says when a part of it does not come, and when its station is gone', async ({ browser }) => {
  const leaving = await startStation();
  const context = await browser.newContext();
  const page = await context.newPage();
  // The screens that come later do not come: the one that is asked for says so, and comes when it is asked for again.
  const later = /\/assets\/desk-[^/]*\.js$/;
  await page.route(later, (route) => route.abort());
  await page.goto(leaving.url);
  await shown(page);
  await page.getByTestId('settings').click();
  await expect(page.locator('[data-problem="unfetched"]')).toBeVisible();
  await lookAround(page, 'unfetched');
  await page.unroute(later);
  await page.getByTestId('fetch-again').click();
  await expect(page.getByTestId('preset')).toBeVisible();
  await leaving.stop();
  await expect(page.getByTestId('connection-lost')).toBeVisible();
  await lookAround(page, 'connection-lost');
  await context.close();
});
