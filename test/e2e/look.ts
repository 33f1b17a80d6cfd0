import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';
import { shot } from './harness.ts';

/** What every screen is held to, whoever opens it: accessible, whole, large enough to touch, in one language. */

interface Looking {
  /** The least side of what is touched, in CSS pixels. */
  target?: 44 | 64;
  /** axe's rules by tag; all of them where absent. */
  tags?: string[];
  /** Latin words that stand in a Chinese screen with reason: products' names, and what people typed. */
  latin?: RegExp;
  /** Also narrow and short, as 200 % and 400 % make of a window, with letters twice as large, and from right to left. */
  reflow?: boolean;
  /** Nothing here is changed by being focused, and so the focus is looked at on everything that can have it. */
  focus?: boolean;
}

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
  expect.soft(await violations(page, how.tags), name).toEqual([]);
  expect.soft(await beside(page), `${name} is not wider than its window`).toBeLessThanOrEqual(0);
  expect.soft(await page.evaluate(tooSmall, how.target ?? 44), `${name}: too small to touch`).toEqual([]);
  expect.soft(await page.evaluate(cutOff), `${name}: words cut off`).toEqual([]);
  const language = await page.evaluate(() => document.documentElement.lang);
  if (how.latin && language.startsWith('zh'))
    expect.soft(await foreign(page, how.latin), `${name}: words of another language`).toEqual([]);
  if (how.focus) {
    // As after a key: only then is the focus to be seen.
    await page.keyboard.press('Shift');
    expect.soft(await page.evaluate(unseenFocus), `${name}: focus not to be seen`).toEqual([]);
  }
  if (how.reflow) await reflows(page, name);
}

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
  // As in a language that is read from right to left, of which there is none yet.
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl';
  });
  await shot(page, `${name}-rtl`);
  expect.soft(await beside(page), `${name} from right to left`).toBeLessThanOrEqual(0);
  expect.soft(await page.evaluate(cutOff), `${name} from right to left: words cut off`).toEqual([]);
  await page.evaluate(() => {
    document.documentElement.dir = 'ltr';
  });
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%';
  });
  await shot(page, `${name}-letters-200`);
  expect.soft(await beside(page), `${name} with large letters`).toBeLessThanOrEqual(0);
  expect.soft(await page.evaluate(cutOff), `${name} with large letters: words cut off`).toEqual([]);
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
}

/** Runs in the page. What can be pressed and is smaller than a finger; a link within a sentence is as high as its line. */
function tooSmall(side: number): string[] {
  const kinds = 'button, a[href], input:not([type=hidden]), select, textarea, summary, [role=switch], [role=option]';
  return [...document.querySelectorAll<HTMLElement>(kinds)].flatMap((one) => {
    // A hidden input is pressed by its label.
    const label = one instanceof HTMLInputElement ? (one.labels?.[0] ?? null) : null;
    const own = one.getBoundingClientRect();
    const box =
      label && (own.width <= 1 || one.matches('[type=radio], [type=checkbox]')) ? label.getBoundingClientRect() : own;
    if (box.width <= 1 || !one.checkVisibility({ visibilityProperty: true })) return [];
    // What looks small may be touched large.
    const around = getComputedStyle(one, '::after');
    const grown = around.content !== 'none' && around.position === 'absolute';
    if (grown && Math.min(Number.parseFloat(around.width), Number.parseFloat(around.height)) >= side) return [];
    if (one.matches('p a, li > a') || (box.width >= side - 0.5 && box.height >= side - 0.5)) return [];
    return [`${Math.round(box.width)}×${Math.round(box.height)} ${one.outerHTML.slice(0, 140)}`];
  });
}

/** Runs in the page. What can have the focus without showing it, on itself or on what stands for it. */
function unseenFocus(): string[] {
  const before = document.activeElement;
  let looked = 0;
  const kinds = 'button, a[href], input, select, textarea, summary, [role=switch], [tabindex="0"]';
  const seen = (one: Element | null) => {
    const style = one && getComputedStyle(one);
    return style !== null && style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
  };
  const found = [...document.querySelectorAll<HTMLElement>(kinds)].flatMap((one) => {
    if (!one.checkVisibility({ visibilityProperty: true })) return [];
    one.focus({ preventScroll: true });
    if (document.activeElement !== one || !one.matches(':focus-visible')) return [];
    looked += 1;
    const shown = seen(one) || seen(one.parentElement) || seen(one.nextElementSibling);
    return shown ? [] : [one.outerHTML.slice(0, 140)];
  });
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return looked > 3 ? found : ['nothing showed that it was reached by a key'];
}

/** Runs in the page. Words that do not fit into what holds them, and are neither ended by an ellipsis nor scrolled to. */
function cutOff(): string[] {
  return [...document.querySelectorAll<HTMLElement>('body *')].flatMap((one) => {
    const words = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim());
    if (!words || one.clientWidth <= 1 || one.closest('svg, select, option, .hidden-text')) return [];
    const style = getComputedStyle(one);
    const hides = /hidden|clip/.test(`${style.overflowX} ${style.overflowY}`);
    const cut = one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
    return hides && cut && style.textOverflow !== 'ellipsis' ? [one.outerHTML.slice(0, 140)] : [];
  });
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
