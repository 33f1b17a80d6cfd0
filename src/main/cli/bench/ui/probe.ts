/** A screen that followed a touch: from the touch's own time to the frame that showed it, milliseconds. */
export interface ScreenChange {
  from: string;
  to: string;
  ms: number;
}

export interface UiProbed {
  /** Since the page's address was opened; null before it. */
  firstPaint: number | null;
  changes: ScreenChange[];
}

declare global {
  var vestibuleScreens: { read(): UiProbed };
}

/**
 * Put into the page before its own scripts: notes when it paints another screen after a touch. What nobody touched for (the camera took a
 * picture, the station answered) is no change somebody waits for with their finger. Must use nothing from outside itself.
 */
export function probeScreens(): void {
  const changes: ScreenChange[] = [];
  const shown = () => {
    const desk = document.querySelector('[data-screen]')?.getAttribute('data-screen');
    const step = document.querySelector('[data-step]')?.getAttribute('data-step');
    return step ? `kiosk ${step}` : (desk ?? '');
  };
  let touchedAt: number | null = null;
  let screen = '';
  addEventListener(
    'click',
    (event) => {
      touchedAt = event.timeStamp;
    },
    { capture: true },
  );
  const look = () => {
    const next = shown();
    if (next === screen) return;
    const [from, at] = [screen, touchedAt];
    screen = next;
    touchedAt = null;
    if (from === '' || at === null) return;
    // The frame that shows it is drawn after this callback; a message comes when it has been.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => changes.push({ from, to: next, ms: performance.now() - at });
      port2.postMessage(null);
    });
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-screen', 'data-step'],
  });
  globalThis.vestibuleScreens = {
    read: () => ({
      firstPaint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
      changes: [...changes],
    }),
  };
}
