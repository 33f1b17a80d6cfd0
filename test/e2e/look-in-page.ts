/**
 * What is measured of a screen without axe. Each runs inside the page (`page.evaluate`), refers to nothing outside itself, and tells what it
 * found as the beginnings of the elements' HTML; nothing where all is well.
 */

/** What can be pressed and is smaller than a finger; a link within a sentence is as high as its line. */
export function tooSmall(side: number): string[] {
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

/** Unnoticed by the page, which does not notice: a form would begin to mind what was not filled in. */
export function unseenFocus(): string[] {
  const before = document.activeElement;
  const scrolled = [...document.querySelectorAll('*')].map((one) => [one, one.scrollLeft, one.scrollTop] as const);
  const silent = (event: Event) => event.stopImmediatePropagation();
  const events = ['focus', 'focusin', 'blur', 'focusout'];
  for (const event of events) window.addEventListener(event, silent, true);
  let looked = 0;
  const kinds = 'button, a[href], input, select, textarea, summary, [role=switch], [tabindex="0"]';
  const seen = (one: Element | null) => {
    const style = one && getComputedStyle(one);
    return style !== null && style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
  };
  const covered = (one: HTMLElement) => {
    const shown = one.getBoundingClientRect().width > 1 ? one : (one.closest('label') ?? one.parentElement ?? one);
    const { left, top, width, height } = shown.getBoundingClientRect();
    const places = [0.5, 0.1, 0.9].flatMap((x) => [0.5, 0.1, 0.9].map((y) => [left + width * x, top + height * y]));
    return !places.some(([x = 0, y = 0]) => {
      const there = document.elementFromPoint(x, y);
      return there !== null && (shown.contains(there) || there.contains(shown) || there.matches('label'));
    });
  };
  const found = [...document.querySelectorAll<HTMLElement>(kinds)].flatMap((one) => {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.tabIndex < 0) return [];
    one.focus();
    if (document.activeElement !== one || !one.matches(':focus-visible')) return [];
    looked += 1;
    const html = one.outerHTML.slice(0, 140);
    if (!(seen(one) || seen(one.parentElement) || seen(one.nextElementSibling))) return [`not to be seen: ${html}`];
    return covered(one) ? [`covered: ${html}`] : [];
  });
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  for (const [one, left, top] of scrolled)
    if (one.scrollTop !== top || one.scrollLeft !== left) one.scrollTo(left, top);
  for (const event of events) window.removeEventListener(event, silent, true);
  return looked > 0 ? found : ['nothing showed that it was reached by a key'];
}

/** What moves by itself though the person has asked for no motion; a spinner turns, slowly. */
export function moving(): string[] {
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) return [];
  return document.getAnimations().flatMap((one) => {
    const { effect } = one;
    const timing = effect?.getComputedTiming();
    if (!(effect instanceof KeyframeEffect) || timing?.iterations === Number.POSITIVE_INFINITY) return [];
    const moves = effect
      .getKeyframes()
      .some((frame) => 'translate' in frame || 'transform' in frame || 'scale' in frame);
    return moves && Number(timing?.duration) > 1 ? [effect.target?.outerHTML.slice(0, 140) ?? ''] : [];
  });
}

/** Words that do not fit into what holds them, and are neither ended by an ellipsis nor scrolled to. */
export function cutOff(): string[] {
  return [...document.querySelectorAll<HTMLElement>('body *')].flatMap((one) => {
    const words = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim());
    if (!words || one.clientWidth <= 1 || one.closest('svg, select, option, .hidden-text')) return [];
    const style = getComputedStyle(one);
    const hides = /hidden|clip/.test(`${style.overflowX} ${style.overflowY}`);
    const cut = one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
    return hides && cut && style.textOverflow !== 'ellipsis' ? [one.outerHTML.slice(0, 140)] : [];
  });
}

/** What has come to lie over something else for want of room: what is laid over by intent is out of the flow. */
export function overlapping(): string[] {
  const kinds =
    'button, a[href], input, select, textarea, summary, label, h1, h2, h3, p, li > span, dt, dd, img, svg, legend';
  const modal = document.querySelector('dialog:modal');
  const shown = [...(modal ?? document.body).querySelectorAll(kinds)].flatMap((one) => {
    if (!one.checkVisibility({ visibilityProperty: true })) return [];
    let { left, top, right, bottom } = one.getBoundingClientRect();
    for (let above = one.parentElement; above; above = above.parentElement) {
      if (getComputedStyle(above).overflow === 'visible') continue;
      const room = above.getBoundingClientRect();
      [left, top] = [Math.max(left, room.left), Math.max(top, room.top)];
      [right, bottom] = [Math.min(right, room.right), Math.min(bottom, room.bottom)];
    }
    return right - left > 3 && bottom - top > 3 ? [{ one, left, top, right, bottom }] : [];
  });
  /** Whether something is out of the flow of what it shares with another. */
  const laid = (one: Element, other: Element) => {
    for (let at: Element | null = one; at && !at.contains(other); at = at.parentElement)
      if (/absolute|fixed|sticky/.test(getComputedStyle(at).position)) return true;
    return false;
  };
  return shown.flatMap((a, n) =>
    shown.slice(n + 1).flatMap((b) => {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide < 3 || high < 3 || a.one.contains(b.one) || b.one.contains(a.one)) return [];
      if (laid(a.one, b.one) || laid(b.one, a.one)) return [];
      return [`${a.one.outerHTML.slice(0, 100)} and ${b.one.outerHTML.slice(0, 100)}`];
    }),
  );
}
