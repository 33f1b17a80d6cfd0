import { useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import '../../../resources/badge.css';
import template from '../../../resources/badge.html?raw';
import type { BadgeContent } from '../lib/badge-content.ts';

type Values = Readonly<Record<string, unknown>>;

/** Puts values into the slots below an element. Only text and addresses go in: nothing typed anywhere becomes markup. */
function fill(root: ParentNode, values: Values): void {
  for (const each of root.querySelectorAll<HTMLElement>('[data-each]')) {
    const entries = values[each.dataset.each ?? ''];
    for (const entry of Array.isArray(entries) ? (entries as Values[]) : []) {
      const one = each.cloneNode(true) as HTMLElement;
      one.removeAttribute('data-each');
      fill(one, entry);
      each.before(one);
    }
    each.remove();
  }
  for (const slot of root.querySelectorAll<HTMLElement>('[data-slot]')) {
    const name = slot.dataset.slot ?? '';
    const value = values[name];
    if (typeof value !== 'string') (slot.closest('dl > div') ?? slot).remove();
    else if (slot.tagName === 'IMG') {
      slot.setAttribute('src', value);
      slot.setAttribute('alt', String(values[`${name}Alt`] ?? ''));
    } else slot.textContent = value;
    slot.removeAttribute('data-slot');
  }
}

/** The badge's elements, filled in. */
export function badgeElements(content: BadgeContent): Element[] {
  const { body } = new DOMParser().parseFromString(template, 'text/html');
  fill(body, content);
  return [...body.children].map((node) => document.importNode(node, true));
}

function Badge({ content }: { content: BadgeContent }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.replaceChildren(...badgeElements(content));
  }, [content]);
  return <div ref={place} />;
}

/** The badge as it is seen on the screen, and the sheet that is printed: what the browser prints is the badge alone. */
export function BadgeSheet({ content }: { content: BadgeContent }) {
  return (
    <>
      <Badge content={content} />
      {createPortal(
        <div className="badge-sheet" aria-hidden="true">
          <Badge content={content} />
        </div>,
        document.body,
      )}
    </>
  );
}
