/** Our own scheme instead of file://: an origin of its own, with fetch, workers and the camera, and no way to the file system. */
export const SCHEME = 'app';
const HOST = 'station';
export const START_PAGE = `${SCHEME}://${HOST}/`;

/** The URL when it is of our own origin, else null. Compared by parts: Node gives custom schemes the origin "null". */
export function ownUrl(value: string): URL | null {
  if (!URL.canParse(value)) return null;
  const url = new URL(value);
  const ours = url.protocol === `${SCHEME}:` && url.host === HOST && url.username === '' && url.password === '';
  return ours ? url : null;
}
