import { useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import '../../../resources/badge.css';
import template from '../../../resources/badge.html?raw';

/** What a badge shows, by the slots of its template (resources/badge.html). What is null is left out. */
export type BadgeContent = Record<
  'kind' | 'day' | 'name' | 'company' | 'hostLabel' | 'host' | 'validLabel' | 'valid' | 'code',
  string | null
> & {
  /** Addresses of pictures. */
  photo: string | null;
  qr: string | null;
  /** What the pictures show, for whoever cannot see them. */
  photoAlt: string;
  qrAlt: string;
};

/** The template with its slots filled in. Only text and addresses go in: nothing typed anywhere becomes markup. */
function filled(content: BadgeContent): Node[] {
  const page = new DOMParser().parseFromString(template, 'text/html');
  for (const slot of page.querySelectorAll<HTMLElement>('[data-slot]')) {
    const name = slot.dataset.slot as keyof BadgeContent;
    const value = content[name] ?? null;
    if (value === null) (slot.closest('dl > div') ?? slot).remove();
    else if (slot instanceof HTMLImageElement || slot.tagName === 'IMG') {
      slot.setAttribute('src', value);
      slot.setAttribute('alt', name === 'qr' ? content.qrAlt : content.photoAlt);
    } else slot.textContent = value;
  }
  return [...page.body.children].map((node) => document.importNode(node, true));
}

function Badge({ content }: { content: BadgeContent }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.replaceChildren(...filled(content));
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
