import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';
import { shot } from './harness.ts';
import { cutOff, moving, overlapping, tooSmall, unseenFocus } from './look-in-page.ts';
import { SCREENS, type Screen } from './screens.ts';

/** What every screen is held to, whoever opens it: accessible, whole, large enough to touch, in one language. */

interface Looking {
  /** The least side of what is touched, in CSS pixels. */
  target?: 44 | 64;
  /** Latin words that stand in a Chinese screen with reason: products' names, and what people typed. */
  latin?: RegExp;
  /** Also narrow and short, as 200 % and 400 % make of a window, and in the system's colours. */
  reflow?: boolean;
}

/** Whether a picture is also kept of what is measured: upright, from right to left, with large letters (`LOOK=all`). */
const ALL_PICTURES = process.env.LOOK === 'all';
const keep = async (page: Page, name: string) => ALL_PICTURES && shot(page, name);

let axe: Promise<string> | undefined;

/** What axe finds, by rule and element. In the page itself, where it takes a fifth of the time of a browser's client. */
export async function violations(page: Page, tags?: string[]): Promise<string[]> {
  axe ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const source = await axe;
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  return page.evaluate(
    async (options) => {
      const { run } = Reflect.get(globalThis, 'axe') as { run(of: Document, how: RunOptions): Promise<AxeResults> };
      const found = await run(document, options);
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    },
    { resultTypes: ['violations'], ...(tags && { runOnly: { type: 'tag', values: tags } }) } as RunOptions,
  );
}

/** Colours on their way from one to another are no colours to judge; a spinner turns until its work is done. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((one) => one.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
        .map((one) => one.finished.catch(() => 0)),
    ),
  );
}

/** How far the page, or a part of it that scrolls, is wider than it may be. */
export const beside = (page: Page) =>
  page.evaluate(() => {
    const rooms = [document.documentElement, ...document.querySelectorAll('main, [role=dialog], [role=alertdialog]')];
    return Math.max(...rooms.map((room) => room.scrollWidth - room.clientWidth));
  });

/** Keeps a picture of a screen and holds it to everything above. */
export async function look(page: Page, name: string, how: Looking = {}): Promise<void> {
  await settled(page);
  await shot(page, name);
  expect.soft(await violations(page), name).toEqual([]);
  await fits(page, name, how);
  if (how.reflow) await reflows(page, name);
}

/** What is seen without axe: nothing beside the window, cut off, too small to touch, or of another language. */
async function fits(page: Page, name: string, how: Looking): Promise<void> {
  expect.soft(await beside(page), `${name} is not wider than its window`).toBeLessThanOrEqual(0);
  expect.soft(await page.evaluate(tooSmall, how.target ?? 44), `${name}: too small to touch`).toEqual([]);
  expect.soft(await page.evaluate(cutOff), `${name}: words cut off`).toEqual([]);
  expect.soft(await page.evaluate(overlapping), `${name}: one over the other`).toEqual([]);
  expect.soft(await page.evaluate(moving), `${name}: moves though motion is not wanted`).toEqual([]);
  const language = await page.evaluate(() => document.documentElement.lang);
  if (how.latin && language.startsWith('zh'))
    expect.soft(await foreign(page, how.latin), `${name}: words of another language`).toEqual([]);
}

/**
 * A screen that a walk has come to, looked at in every way at once: both colour schemes and languages, from right to left, with letters twice
 * as large, and the focus on everything that can have it. On a kiosk also upright. Leaves the page as it was.
 */
export async function lookAround(page: Page, screen: Screen, how: Looking & { kiosk?: boolean } = {}): Promise<void> {
  const name = `around-${screen}`;
  const own = { target: how.kiosk ? 64 : 44, ...how } as const;
  const [language, dark] = await page.evaluate(
    () => [document.documentElement.lang, matchMedia('(prefers-color-scheme: dark)').matches] as const,
  );
  const goOn = how.kiosk ? await holdClock(page) : async () => undefined;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await look(page, name, own);
  expect.soft(await focusTrouble(page), `${screen}: focus`).toEqual([]);
  // Colours do not hang on the language, nor names on the colours: each of them in full, once.
  await page.emulateMedia({ colorScheme: dark ? 'light' : 'dark' });
  const both = !('language' in SCREENS[screen]);
  if (both) await speak(page, language === 'en' ? 'zh-CN' : 'en');
  await look(page, `${name}-other`, { ...own, reflow: false });
  await fromRightToLeft(page, name);
  await withLargeLetters(page, name);
  if (how.kiosk) await turned(page, name, own);
  if (both) await speak(page, language);
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light', reducedMotion: null });
  await goOn();
}

/** Changes the language as its switch does, which a dialog puts out of reach of a hand. */
async function speak(page: Page, language: string): Promise<void> {
  const busy = page.locator('[aria-busy=true]');
  const before = await busy.count();
  await page.evaluate((wanted) => {
    const own = `[data-testid="language-${wanted}"], [data-testid="kiosk-speak-${wanted}"]`;
    document.querySelector<HTMLElement>(own)?.click();
  }, language);
  await expect(page.locator('html')).toHaveAttribute('lang', language);
  // What is asked for again in that language has come.
  await expect.poll(() => busy.count()).toBeLessThanOrEqual(before);
}

/**
 * A kiosk forgets whoever stands there without a word: its clock stands still until what is given back is called, and somebody is there then.
 * Where it asks whether anybody is, which only its button answers, the clock goes on from where it stood.
 */
async function holdClock(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => {
    const { now } = Date;
    const since = now();
    Reflect.set(globalThis, 'goOn', () => {
      const late = now() - since;
      const asked = document.querySelector('[data-testid=kiosk-warning]') !== null;
      Date.now = asked ? () => now() - late : now;
      window.dispatchEvent(new Event('input'));
    });
    Date.now = () => since;
  });
  return () => page.evaluate(() => Reflect.get(globalThis, 'goOn')());
}

/** A kiosk stands upright or lies: the other way round, as it is and with large letters. */
async function turned(page: Page, name: string, how: Looking): Promise<void> {
  const before = page.viewportSize() ?? LYING;
  await page.setViewportSize(before.width > before.height ? UPRIGHT : LYING);
  await settled(page);
  await keep(page, `${name}-turned`);
  await fits(page, `${name} turned`, how);
  await withLargeLetters(page, `${name}-turned`);
  await page.setViewportSize(before);
}

const LYING = { width: 1280, height: 800 };
const UPRIGHT = { width: 1080, height: 1920 };

/**
 * 1280 × 800 at 200 % and at 400 % (WCAG 2.2, 1.4.10: nothing beside a window of 320 pixels), letters of twice their size (1.4.4), and read
 * from right to left.
 */
async function reflows(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const [zoom, width, height] of [
    ['200', 640, 400],
    ['400', 320, 256],
  ] as const) {
    await page.setViewportSize({ width, height });
    await shot(page, `${name}-zoom-${zoom}`);
    expect.soft(await beside(page), `${name} at ${zoom} %`).toBeLessThanOrEqual(0);
    expect.soft(await page.evaluate(cutOff), `${name} at ${zoom} %: words cut off`).toEqual([]);
  }
  if (before) await page.setViewportSize(before);
  await page.emulateMedia({ forcedColors: 'active' });
  await shot(page, `${name}-forced`);
  await page.emulateMedia({ forcedColors: 'none' });
}

/** As in a language that is read from right to left, of which there is none yet. */
async function fromRightToLeft(page: Page, name: string): Promise<void> {
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl';
  });
  await keep(page, `${name}-rtl`);
  expect.soft(await beside(page), `${name} from right to left`).toBeLessThanOrEqual(0);
  expect.soft(await page.evaluate(cutOff), `${name} from right to left: words cut off`).toEqual([]);
  expect.soft(await page.evaluate(overlapping), `${name} from right to left: one over the other`).toEqual([]);
  await page.evaluate(() => {
    document.documentElement.dir = 'ltr';
  });
}

/** Letters of twice their size, whatever the size is (1.4.4). */
async function withLargeLetters(page: Page, name: string): Promise<void> {
  await page.evaluate(() => {
    const root = document.documentElement;
    root.style.fontSize = `${Number.parseFloat(getComputedStyle(root).fontSize) * 2}px`;
  });
  await keep(page, `${name}-letters-200`);
  expect.soft(await beside(page), `${name} with large letters`).toBeLessThanOrEqual(0);
  expect.soft(await page.evaluate(cutOff), `${name} with large letters: words cut off`).toEqual([]);
  expect.soft(await page.evaluate(overlapping), `${name} with large letters: one over the other`).toEqual([]);
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
}

/** What can have the focus without showing it, or is hidden by something else while it has it (2.4.7, 2.4.11). As after a key: only then is it seen. */
async function focusTrouble(page: Page): Promise<string[]> {
  await page.keyboard.press('Shift');
  return page.evaluate(unseenFocus);
}

/** Latin words on a Chinese screen that nothing there is called by. What is said to be in another language is; a machine's words are `code`. */
async function foreign(page: Page, known: RegExp): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const said = [...document.querySelectorAll<HTMLElement>('body *')].flatMap((one) => {
      if (one.closest('[lang]:not(html), code, script, style, [translate=no]')) return [];
      const own = [...one.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? (node.nodeValue ?? '') : ''));
      const told = ['aria-label', 'placeholder', 'title', 'alt'].map((name) => one.getAttribute(name) ?? '');
      return [...own, ...told];
    });
    return [document.title, ...said].filter((text) => /[a-z]{2}/i.test(text));
  });
  return [...new Set(texts.filter((text) => /[a-z]{2}/i.test(text.replaceAll(known, ''))))];
}
