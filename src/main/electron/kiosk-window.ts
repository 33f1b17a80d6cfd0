import type { Handlers } from '#shared/contract';

/** What is needed of the window. */
interface Screen {
  isDestroyed(): boolean;
  setKiosk(on: boolean): void;
}

/**
 * The window of a kiosk: full screen for as long as it serves visitors, and not closed by whoever stands before it. The station decides
 * when that begins and ends; the window follows what it granted.
 *
 * @param first whether it opens as one
 */
export function createKioskWindow(first: boolean, screen: () => Screen | null) {
  let kiosk = first;
  let quitting = false;
  const put = (on: boolean): void => {
    kiosk = on;
    const window = screen();
    if (window && !window.isDestroyed()) window.setKiosk(on);
  };
  return {
    /** The handlers, with the window following those that begin and end a kiosk. */
    following: (handlers: Handlers): Handlers => ({
      ...handlers,
      'kiosk.enter': async (input) => {
        const done = await handlers['kiosk.enter'](input);
        put(true);
        return done;
      },
      'kiosk.leave': async (input) => {
        const done = await handlers['kiosk.leave'](input);
        put(false);
        return done;
      },
      'operators.signIn': async (input) => {
        const done = await handlers['operators.signIn'](input);
        if (kiosk) put(false);
        return done;
      },
    }),
    /** The system or the program's end may close the window; somebody before it may not. */
    closing(event: { preventDefault(): void }): void {
      if (kiosk && !quitting) event.preventDefault();
    },
    quit(): void {
      quitting = true;
    },
  };
}
