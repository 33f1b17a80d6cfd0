import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { EVENTS, type EventName } from '#shared/channels';
import { dispatch, type Handlers, type Reply } from '#shared/contract';
import type { Fault } from '#shared/fault';
import { CALL_CHANNEL, EVENT_CHANNEL } from '../../preload/channels.ts';
import { ownUrl } from './origin.ts';

export interface Sender {
  /** Whether the message came from our one window's contents. */
  ourWindow: boolean;
  mainFrame: boolean;
  /** The frame's address at the time of the message. */
  url: string;
}

/** Who may call: the main frame of our window while it shows our own origin. A frame that is gone already is nobody. */
export function acceptsSender(sender: Sender | null): boolean {
  return sender?.ourWindow === true && sender.mainFrame && ownUrl(sender.url) !== null;
}

function senderOf(event: IpcMainInvokeEvent, ours: WebContents | null): Sender | null {
  const frame = event.senderFrame;
  if (!frame || !ours) return null;
  return { ourWindow: event.sender.id === ours.id, mainFrame: frame.parent === null, url: frame.url };
}

const REFUSED: Reply<never> = {
  ok: false,
  fault: { kind: 'auth', code: 'sender', message: 'calls are taken from the station’s own page alone' },
};

interface Calls {
  /** Settles when the station is open; until then calls wait. */
  handlers: Promise<Handlers>;
  contents(): WebContents | null;
  toFault(error: unknown): Fault;
}

/** Puts the contract behind the one call channel. */
export function installCalls(ipcMain: Pick<IpcMain, 'handle'>, calls: Calls): void {
  ipcMain.handle(CALL_CHANNEL, async (event, name: unknown, input: unknown): Promise<Reply<unknown>> => {
    if (!acceptsSender(senderOf(event, calls.contents()))) return REFUSED;
    try {
      return await dispatch(await calls.handlers, String(name), input, calls.toFault);
    } catch (error) {
      return { ok: false, fault: calls.toFault(error) };
    }
  });
}

/** Sends every event to the page while it shows our own origin. */
export function forwardEvents(
  subscribe: (name: EventName, listener: (payload: unknown) => void) => () => void,
  contents: () => WebContents | null,
): () => void {
  const offs = EVENTS.map((name) =>
    subscribe(name, (payload) => {
      const target = contents();
      if (target && !target.isDestroyed() && ownUrl(target.getURL())) target.send(EVENT_CHANNEL, name, payload);
    }),
  );
  return () => {
    for (const off of offs) off();
  };
}
