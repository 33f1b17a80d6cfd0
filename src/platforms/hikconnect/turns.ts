/** Runs tasks of one key one after the other, tasks of different keys at once. */
export type Turns = <T>(key: string, task: () => Promise<T>) => Promise<T>;

/** What is read, changed and written back as a whole must not be read by two at once: the later writer would undo the earlier. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return (key, task) => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(task, task);
    // The chain only orders; a failure belongs to its own caller.
    const settled = mine.catch(() => undefined);
    last.set(key, settled);
    void settled.then(() => {
      if (last.get(key) === settled) last.delete(key);
    });
    return mine;
  };
}
