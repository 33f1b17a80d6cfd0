import { z } from 'zod';
import type { Connector, EnrolJob, PlatformDefinition, RenditionSpec, Verification } from '#platforms/contract';
import { FaultError } from '#shared/fault';
import type { FieldProblem } from '#shared/person';

/** Somebody on the fake platform. */
interface FakePerson {
  id: string;
  code: string;
  name: string;
  photo: Uint8Array;
  version: string;
}

/**
 * A platform in memory whose connector behaves as the contract demands: looks up by code, then adds or updates. `before` is
 * called ahead of each request and may throw or wait: that is how a test orders trouble.
 */
export interface FakePlatform {
  definition: PlatformDefinition;
  people: Map<string, FakePerson>;
  /** Every request, in order: `find A1`, `add A1`. */
  requests: string[];
  jobs: EnrolJob[];
  before: (request: string, signal: AbortSignal) => void | Promise<void>;
  after: (request: string) => void | Promise<void>;
  /** What `verify` tells of somebody who is there. */
  found: Partial<Verification>;
  /** The picture handed out of anybody; absent: none. */
  portrait: Uint8Array | null;
  /** Requests at work now, and the most there ever were. */
  busy: { now: number; most: number };
}

const RENDITION: RenditionSpec = { width: 300, height: 400, maxBytes: 60_000, headShare: 0.55 };

const config = z.strictObject({ kind: z.literal('device'), baseUrl: z.url(), password: z.string() });

export function fakePlatform(options: { similar?: (code: string) => boolean; phone?: boolean } = {}): FakePlatform {
  const platform: FakePlatform = {
    people: new Map(),
    requests: [],
    jobs: [],
    before: () => undefined,
    after: () => undefined,
    found: {},
    portrait: null,
    busy: { now: 0, most: 0 },
    definition: {
      kind: 'device',
      title: 'Fake terminal',
      config,
      secrets: ['password'],
      capabilities: ['visitor', 'verify', 'remove'],
      rendition: RENDITION,
      required: () => (options.phone ? ['phone'] : []),
      problems: (person): FieldProblem[] =>
        options.phone && !person.phone ? [{ field: 'phone', message: 'a phone number is required' }] : [],
      predict: (inspection) => (inspection.faces.length > 1 ? { code: 30002, message: 'several faces' } : null),
      create: () => connector(),
    },
  };

  const request = async <T>(text: string, signal: AbortSignal, act: () => T): Promise<T> => {
    platform.busy.now += 1;
    platform.busy.most = Math.max(platform.busy.most, platform.busy.now);
    try {
      await platform.before(text, signal);
      signal.throwIfAborted();
      platform.requests.push(text);
      const result = act();
      await platform.after(text);
      return result;
    } finally {
      platform.busy.now -= 1;
    }
  };

  const connector = (): Connector => ({
    async enrol(job) {
      platform.jobs.push(job);
      const { person, photo, signal, step } = job;
      const { code } = person;
      const found = await step('find', () => request(`find ${code}`, signal, () => platform.people.get(code) ?? null));
      if (found !== null && job.onExisting === 'stop')
        throw new FaultError({ kind: 'exists', code: 'there', message: 'the code is there already' });
      if (options.similar?.(code) && job.onSimilar !== 'force') {
        if (job.onSimilar === 'stop')
          throw new FaultError({ kind: 'similar', code: '30002', message: 'a similar face is there' });
        const question = {
          kind: 'similar' as const,
          candidate: { personId: 'id-7', name: 'Somebody Else' },
          canForce: true,
        };
        return { state: 'asking', question };
      }
      const id = found?.id ?? `id-${platform.people.size + 1}`;
      await step(found === null ? 'add' : 'update', () =>
        request(`${found === null ? 'add' : 'update'} ${code}`, signal, () => {
          const name = person.name.display ?? '';
          platform.people.set(code, { id, code, name, photo: photo.bytes, version: photo.version });
        }),
      );
      return { state: 'delivered', personId: id, created: found === null, warnings: [] };
    },
    test: (signal) => request('test', signal, () => ({ skewMs: 12, detail: 'fake 1.0' })),
    verify: (code, _kind, signal) =>
      request(`verify ${code}`, signal, () => {
        const found = platform.people.get(code);
        return {
          person: found !== undefined,
          photo: found !== undefined,
          access: null,
          personId: found?.id ?? null,
          detail: null,
          ...(found === undefined ? {} : platform.found),
        };
      }),
    remove: (code, _kind, signal) => request(`remove ${code}`, signal, () => platform.people.delete(code)),
    portrait: ({ personId, code }, signal) =>
      request(`portrait ${personId ?? code}`, signal, () => platform.portrait && new Uint8Array(platform.portrait)),
    close: async () => undefined,
  });
  return platform;
}

export function unreachable(): FaultError {
  return new FaultError({ kind: 'unreachable', code: 'ECONNREFUSED', message: 'nothing listens there' });
}
