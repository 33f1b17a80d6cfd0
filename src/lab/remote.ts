import { z } from 'zod';
import { type FaultChoice, type FaultOrder, faultModes } from './core/faults.ts';

export { type FaultOrder, faultModes };

const standingFault = z.object({
  platform: z.string(),
  mode: z.enum(faultModes),
  path: z.string().optional(),
  ms: z.number().optional(),
  status: z.number().optional(),
  /** Requests it still meets; null until cleared. */
  left: z.number().nullable(),
});
const standingFaults = z.array(standingFault);
const enrolled = z.object({
  key: z.string(),
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  access: z.array(z.string()),
  photoBytes: z.number(),
  photoSha256: z.string().nullable(),
});
const everybody = z.record(z.string(), z.array(enrolled));
const refusal = z.object({ error: z.string() });

export type StandingFault = z.infer<typeof standingFault>;
export type EnrolledPerson = z.infer<typeof enrolled>;

/** An order a running lab does not take, or an address where none runs; the message says it for people. */
export class RemoteLabError extends Error {}

/** A running lab, ordered over its page's HTTP. Every call rejects with RemoteLabError. */
export interface RemoteLab {
  /** Resolves with all faults that stand. */
  order(fault: FaultOrder): Promise<StandingFault[]>;
  faults(): Promise<StandingFault[]>;
  /** Ends every fault, or those chosen; resolves with what stands after it. */
  clearFaults(choice?: FaultChoice): Promise<StandingFault[]>;
  /** By platform. */
  people(): Promise<Record<string, EnrolledPerson[]>>;
  /** Somebody passes a door, or (without a key) a stranger does; rejects where the platform keeps no record of it. */
  pass(order: RemotePass): Promise<void>;
  reset(): Promise<void>;
}

/** Who passes which platform's door, as the page's `POST /lab/pass` takes it. */
export interface RemotePass {
  platform: string;
  key?: string;
  method?: (typeof PASS_METHODS)[number];
  /** Milliseconds since the epoch; absent: now. */
  at?: number;
  /** Recognised, and not let through. */
  refused?: boolean;
}

/** By what somebody is recognised at a door. */
export const PASS_METHODS = ['face', 'card', 'code'] as const;

const timeoutMs = 5_000;

/** The page of a lab on this machine. @throws RemoteLabError when the address is none of this machine's loopback. */
function pageAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== 'http:' || !['127.0.0.1', 'localhost'].includes(url.hostname))
    throw new RemoteLabError(`"${address}" is no lab's address: it looks like http://127.0.0.1:4300`);
  return url;
}

/** @param address of the lab's page, which `vestibule lab` prints. @throws RemoteLabError when it is no loopback address. */
export function remoteLab(address: string): RemoteLab {
  const page = pageAddress(address);
  const noLab = () => new RemoteLabError(`what answers at ${page.origin} is no lab's page: see the address it printed`);

  async function ask<T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(new URL(path, page), {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json; charset=utf-8' } }),
    }).catch((cause: unknown) => {
      throw new RemoteLabError(
        `no lab answers at ${page.origin}: start one with "vestibule lab --port ${page.port || 4300}"`,
        { cause },
      );
    });
    const said: unknown = await answer.json().catch(() => null);
    if (answer.status === 400) {
      const refused = refusal.safeParse(said);
      if (refused.success) throw new RemoteLabError(refused.data.error);
    }
    const read = schema.safeParse(said);
    if (!answer.ok || !read.success) throw noLab();
    return read.data;
  }

  return {
    order: (fault) => ask(standingFaults, 'POST', '/lab/faults', fault),
    faults: () => ask(standingFaults, 'GET', '/lab/faults'),
    clearFaults: (choice = {}) =>
      ask(standingFaults, 'DELETE', `/lab/faults?${new URLSearchParams(Object.entries(choice))}`),
    people: () => ask(everybody, 'GET', '/lab/people.json'),
    async pass(order) {
      await ask(z.looseObject({}), 'POST', '/lab/pass', order);
    },
    async reset() {
      await ask(z.strictObject({}), 'POST', '/lab/reset');
    },
  };
}
