import { kindOf } from './codes.ts';

/** Adds whose outcome was never heard: when such a person is found later, it is our own work and not somebody else's. */
export interface Unsettled {
  /** Runs the add; its key stays unsettled when the outcome is unknown (`time-out`) or the platform failed in the middle (`server`). */
  around<T>(key: string, add: () => Promise<T>): Promise<T>;
  has(key: string): boolean;
  settle(key: string): void;
}

export function createUnsettled(): Unsettled {
  const keys = new Set<string>();
  return {
    async around(key, add) {
      keys.add(key);
      try {
        const value = await add();
        keys.delete(key);
        return value;
      } catch (error) {
        const kind = kindOf(error);
        if (kind !== 'time-out' && kind !== 'server' && kind !== 'protocol') keys.delete(key);
        throw error;
      }
    },
    has: (key) => keys.has(key),
    settle: (key) => void keys.delete(key),
  };
}
