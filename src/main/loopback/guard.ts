/** What is known of a request before its body is read. */
export interface RequestFacts {
  method: string;
  host: string | undefined;
  origin: string | undefined;
  /** `Sec-Fetch-Site`, where the browser sends it. */
  fetchSite: string | undefined;
  /** `Sec-Fetch-Mode`. */
  fetchMode: string | undefined;
  /** Whether it wants to become a WebSocket. */
  upgrade: boolean;
}

export interface Refusal {
  status: number;
  code: 'host' | 'origin' | 'site';
  message: string;
}

/** The names by which a browser addresses this server: the port is left out of a Host header where it is HTTP's own. */
function authorities(port: number): readonly string[] {
  return port === 80 ? ['127.0.0.1', '127.0.0.1:80'] : [`127.0.0.1:${port}`];
}

/**
 * Whether a request may go on, or why not.
 *
 * `Host` must be our address itself: a foreign name that resolves to 127.0.0.1 (DNS rebinding) is another site. What acts (every method
 * but GET and HEAD, and WebSockets, which browsers open across origins without asking) must name our origin; a missing `Origin` there is a
 * refusal. What only reads may come without one, never with a foreign one. `Sec-Fetch-Site` is believed when it speaks against a
 * request; only opening the page itself may start elsewhere, such as the link in a terminal or a mail.
 */
export function refusal(facts: RequestFacts, port: number): Refusal | null {
  const ours = authorities(port);
  if (facts.host === undefined || !ours.includes(facts.host)) {
    return { status: 403, code: 'host', message: `this station answers at http://127.0.0.1:${port} only` };
  }
  const reads = (facts.method === 'GET' || facts.method === 'HEAD') && !facts.upgrade;
  const foreignOrigin = facts.origin !== undefined && !ours.some((authority) => facts.origin === `http://${authority}`);
  if (foreignOrigin || (!reads && facts.origin === undefined)) {
    return { status: 403, code: 'origin', message: 'only the station’s own page may ask for this' };
  }
  const opensPage = reads && facts.fetchMode === 'navigate';
  const sites = reads ? ['same-origin', 'none'] : ['same-origin'];
  if (facts.fetchSite !== undefined && !opensPage && !sites.includes(facts.fetchSite)) {
    return { status: 403, code: 'site', message: 'only the station’s own page may ask for this' };
  }
  return null;
}
