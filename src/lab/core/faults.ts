import { z } from 'zod';

/**
 * Faults in a platform's own words. They meet only the calls they are about, and each platform has those its document has an answer
 * for (`SimulatedPlatform.ownFaults`).
 */
export const ownFaults = ['similar', 'full', 'poor-photo', 'photo-lost', 'pending', 'expired-token'] as const;
export type OwnFault = (typeof ownFaults)[number];

/** What may be ordered; README.md of the lab says what each looks like from outside. */
export const faultModes = [
  'off',
  'drop',
  'hang',
  'slow',
  'html',
  'garbage',
  'status',
  'act-then-hang',
  'act-then-drop',
  'busy',
  'rate',
  'clock',
  'wrong-answer',
  ...ownFaults,
] as const;

function isOwn(mode: string): mode is OwnFault {
  return ownFaults.some((own) => own === mode);
}

/** An order for a fault, as `POST /lab/faults` takes it. */
export const faultOrder = z
  .strictObject({
    /** Id of the platform in the lab, e.g. `hcp` or `device-2`. */
    platform: z.string().min(1),
    mode: z.enum(faultModes),
    /** Only requests whose path contains this text, or ends with it where the text ends with `$`; absent: every request. */
    path: z.string().min(1).optional(),
    /** For so many requests; absent: until cleared. `clock` always lasts until cleared. */
    times: z.int().min(1).optional(),
    /** `slow`: the delay. `clock`: the skew, positive when the platform's clock is ahead. */
    ms: z.int().optional(),
    /** HTTP status of `html`, `garbage`, `status` and `wrong-answer`. */
    status: z.int().min(200).max(599).optional(),
    /** `wrong-answer`: the JSON body to answer. */
    body: z.json().optional(),
  })
  .superRefine((order, context) => {
    const needs = (field: 'ms' | 'status' | 'body') => {
      if (order[field] === undefined)
        context.addIssue({ code: 'custom', path: [field], message: `${order.mode} needs ${field}` });
    };
    if (order.mode === 'slow' || order.mode === 'clock') needs('ms');
    if (order.mode === 'status') needs('status');
    if (order.mode === 'wrong-answer') needs('body');
    for (const field of ['path', 'ms', 'status', 'body'] as const)
      if (isOwn(order.mode) && order[field] !== undefined)
        context.addIssue({
          code: 'custom',
          path: [field],
          message: `${order.mode} takes no ${field}: the platform knows the calls it meets`,
        });
    if (order.mode === 'slow' && (order.ms ?? 0) < 0)
      context.addIssue({ code: 'custom', path: ['ms'], message: 'slow needs ms of 0 or more' });
  });

export type FaultOrder = z.infer<typeof faultOrder>;

/** Adding at `/api/user` and listing at `/api/user/list` differ by where the path ends. */
function concerns({ path: part }: FaultOrder, path: string): boolean {
  if (part === undefined) return true;
  return part.endsWith('$') ? path.endsWith(part.slice(0, -1)) : path.includes(part);
}

/** Which of the standing faults; every field that is given narrows. */
export const faultChoice = z.strictObject({
  platform: z.string().min(1).optional(),
  mode: z.enum(faultModes).optional(),
});
export type FaultChoice = z.infer<typeof faultChoice>;

interface StandingFault {
  order: FaultOrder;
  left: number;
}

/** The faults ordered and not yet used up, for all platforms of a lab. The oldest matching one wins. */
export class FaultBoard {
  #standing: StandingFault[] = [];

  /** @throws ZodError when the order makes no sense. */
  order(order: FaultOrder): void {
    const valid = faultOrder.parse(order);
    this.#standing.push({ order: valid, left: valid.times ?? Number.POSITIVE_INFINITY });
  }

  /** Takes the fault a request meets on its way, and counts it. */
  take(platform: string, path: string): FaultOrder | null {
    return this.#use(
      ({ order }) =>
        order.platform === platform && order.mode !== 'clock' && !isOwn(order.mode) && concerns(order, path),
    );
  }

  /** Whether a platform is to answer in its own words now; counts it. */
  takeOwn(platform: string, mode: OwnFault): boolean {
    return this.#use(({ order }) => order.platform === platform && order.mode === mode) !== null;
  }

  #use(meets: (fault: StandingFault) => boolean): FaultOrder | null {
    const met = this.#standing.find(meets);
    if (met === undefined) return null;
    met.left -= 1;
    if (met.left <= 0) this.#standing = this.#standing.filter((fault) => fault !== met);
    return met.order;
  }

  /** Milliseconds by which a platform's clock is wrong: the clock fault ordered last. */
  skew(platform: string): number {
    const clock = this.#standing.findLast(({ order }) => order.platform === platform && order.mode === 'clock');
    return clock?.order.ms ?? 0;
  }

  /** Whether a platform is switched off altogether, so that its listener must be closed. */
  isOff(platform: string): boolean {
    return this.#standing.some(
      ({ order, left }) =>
        order.platform === platform && order.mode === 'off' && order.path === undefined && !Number.isFinite(left),
    );
  }

  /** Orders still standing, oldest first, with the number of requests each still has, null for unlimited. */
  standing(): (FaultOrder & { left: number | null })[] {
    return this.#standing.map(({ order, left }) => ({ ...order, left: Number.isFinite(left) ? left : null }));
  }

  /** Ends the faults of a platform, of a kind, of both, or all. */
  clear({ platform, mode }: FaultChoice = {}): void {
    this.#standing = this.#standing.filter(
      ({ order }) =>
        (platform !== undefined && order.platform !== platform) || (mode !== undefined && order.mode !== mode),
    );
  }
}
