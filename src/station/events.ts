/** Listeners of typed events. A listener that throws is reported and does not keep the others from hearing. */
export interface Emitter<Events> {
  on<E extends keyof Events>(event: E, listener: (payload: Events[E]) => void): () => void;
  emit<E extends keyof Events>(event: E, payload: Events[E]): void;
  /** Whether anybody listens. */
  heard(event: keyof Events): boolean;
  clear(): void;
}

export function createEmitter<Events>(report: (error: unknown) => void): Emitter<Events> {
  const listeners: { [E in keyof Events]?: Set<(payload: Events[E]) => void> } = {};
  return {
    on(event, listener) {
      // Wrapped, so that the same function listening twice is two listeners, each ended on its own.
      const wrapped: typeof listener = (payload) => listener(payload);
      const heard = listeners[event] ?? new Set();
      listeners[event] = heard;
      heard.add(wrapped);
      return () => heard.delete(wrapped);
    },
    emit(event, payload) {
      for (const listener of [...(listeners[event] ?? [])]) {
        try {
          listener(payload);
        } catch (error) {
          report(error);
        }
      }
    },
    heard: (event) => (listeners[event]?.size ?? 0) > 0,
    clear() {
      for (const event of Object.keys(listeners) as (keyof Events)[]) listeners[event]?.clear();
    },
  };
}
