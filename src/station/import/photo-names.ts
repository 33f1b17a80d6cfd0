/** Endings of photos a row without a photo column is looked for with, and what a folder is listed by. */
const ENDING = /\.(jpe?g|png)$/i;

/** Names Windows keeps for devices, whatever ending they have (Naming Files, Paths, and Namespaces, learn.microsoft.com). */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i;

/** How photos are found by name: one way of writing for all of `Ä`, no case, forward slashes. */
export function photoKey(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/**
 * A path inside a folder as it may be followed, or null for one that leads out of it or to something else than a file: `..`, absolute
 * paths, drives and shares of Windows, streams (`a.jpg:x`), device names, and bytes that no name holds. Back slashes separate, as in
 * tables that were written on Windows.
 */
export function safePath(written: string): string | null {
  const path = written
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '');
  if (path === '' || path.length > 1024 || path.startsWith('/') || path.includes(':')) return null;
  for (let at = 0; at < path.length; at += 1) if (path.charCodeAt(at) < 0x20) return null;
  const parts = path.split('/');
  const fits = parts.every(
    (part) => part !== '' && part !== '.' && part !== '..' && !DEVICE.test(part) && !/[. ]$/.test(part),
  );
  return fits ? parts.join('/') : null;
}

export function isPhotoName(path: string): boolean {
  return ENDING.test(path);
}

/** Where photos lie: what `find` answers is what `read` takes. */
export interface PhotoList<E> {
  add(path: string, entry: E): void;
  /** By the path a row gives, else by its code. */
  find(wanted: { photo: string | null; code: string }): FoundPhoto<E>;
  /** All that may be meant: one where `find` is sure. */
  matching(wanted: { photo: string | null; code: string }): { entry: E; path: string }[];
  /** Takes the photos with exactly this path out. */
  remove(path: string): void;
  size(): number;
}
export type FoundPhoto<E> =
  | { entry: E; path: string }
  | { problem: 'missing' | 'ambiguous' | 'outside'; message: string };

/** Photos by path and by the code their name is. A photo in a subfolder is found by code too: zips often hold one folder. */
export function createPhotoList<E>(): PhotoList<E> {
  const byPath = new Map<string, { path: string; entry: E }[]>();
  const byName = new Map<string, { path: string; entry: E }[]>();
  const put = (map: typeof byPath, key: string, value: { path: string; entry: E }) => {
    const there = map.get(key);
    if (there) there.push(value);
    else map.set(key, [value]);
  };
  const several = (what: string, count: number): FoundPhoto<E> => ({
    problem: 'ambiguous',
    message: `${count} photos are called ${what}: leave one, or name it in a photo column`,
  });
  let size = 0;
  const matching = ({ photo, code }: { photo: string | null; code: string }): { path: string; entry: E }[] => {
    if (photo === null) return canName(code) ? withEndings(byName, code) : [];
    const safe = safePath(photo);
    if (safe === null) return [];
    const named = byPath.get(photoKey(safe)) ?? (safe.includes('/') ? [] : (byName.get(photoKey(safe)) ?? []));
    return isPhotoName(safe) ? named : [...named, ...withEndings(byName, safe)];
  };

  return {
    add(path, entry) {
      size += 1;
      const value = { path, entry };
      put(byPath, photoKey(path), value);
      put(byName, photoKey(path.slice(path.lastIndexOf('/') + 1)), value);
    },

    matching,
    find(wanted) {
      const { photo, code } = wanted;
      if (photo !== null && safePath(photo) === null)
        return {
          problem: 'outside',
          message: 'the photo’s name leads out of the folder of photos: give the name of a file in it',
        };
      if (photo === null && !canName(code))
        return {
          problem: 'missing',
          message: 'the code cannot be the name of a file: name the photo in a photo column',
        };
      const found = matching(wanted);
      const [only] = found;
      if (only === undefined)
        return {
          problem: 'missing',
          message:
            photo === null
              ? 'there is no photo called like the code (.jpg, .jpeg or .png)'
              : 'there is no photo with the name in the photo column',
        };
      const what = photo === null ? 'like the code' : 'what the photo column says';
      return found.length === 1 ? only : several(what, found.length);
    },
    remove(path) {
      const without = (map: typeof byPath, key: string) => {
        const left = (map.get(key) ?? []).filter((one) => one.path !== path);
        size -= map === byPath ? (map.get(key)?.length ?? 0) - left.length : 0;
        if (left.length > 0) map.set(key, left);
        else map.delete(key);
      };
      without(byPath, photoKey(path));
      without(byName, photoKey(path.slice(path.lastIndexOf('/') + 1)));
    },

    size: () => size,
  };
}

/** Whether a code can be the name of a file. */
function canName(code: string): boolean {
  return safePath(code) !== null && !code.includes('/') && !code.includes('\\');
}

function withEndings<T>(byName: ReadonlyMap<string, T[]>, name: string): T[] {
  return ['.jpg', '.jpeg', '.png'].flatMap((ending) => byName.get(photoKey(name + ending)) ?? []);
}
