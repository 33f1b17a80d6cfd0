import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { CALLS, EVENTS, type EventName } from '#shared/channels';
import type { Reply, VestibuleBridge } from '#shared/contract';
import { CALL_CHANNEL, EVENT_CHANNEL } from './channels.ts';

type Listener = (payload: unknown) => void;

const calls: ReadonlySet<string> = new Set(CALLS);
const listeners = new Map<string, Set<Listener>>(EVENTS.map((name) => [name, new Set<Listener>()]));

ipcRenderer.on(EVENT_CHANNEL, (_event: IpcRendererEvent, name: unknown, payload: unknown) => {
  if (typeof name !== 'string') return;
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

// The page never gets `ipcRenderer` or an event object, only these two functions with names from the lists.
const bridge = {
  async call(name: string, input: unknown): Promise<Reply<unknown>> {
    if (!calls.has(name)) throw new Error('no such call');
    return await ipcRenderer.invoke(CALL_CHANNEL, name, input);
  },
  on(name: EventName, listener: Listener): () => void {
    const set = listeners.get(name);
    if (!set || typeof listener !== 'function') throw new Error('no such event');
    // A wrapper of our own: the same function may listen twice, and each `off` ends its own.
    const own: Listener = (payload) => listener(payload);
    set.add(own);
    return () => {
      set.delete(own);
    };
  },
} satisfies VestibuleBridge;

contextBridge.exposeInMainWorld('vestibule', bridge);
