import type { z } from 'zod';
import { FaultError } from '#shared/fault';
import type { ConnectorDeps } from '../contract.ts';
import { createServerClock, inPlatformTime } from '../core/clock.ts';
import { type CodeTable, codeFault } from '../core/codes.ts';
import { createHttp, type HttpAnswer, parseAnswer, shaped } from '../core/http.ts';
import { textsOf } from '../core/redact.ts';
import type { HcpConfig } from './config.ts';
import { ACCESS_CODES, addCodes, CODES, FACE_CODES } from './faults.ts';
import { LONGEST_CODE } from './rules.ts';
import { contentMd5, sign } from './sign.ts';
import {
  addedPerson,
  applyingPage,
  envelope,
  type FoundInfo,
  foundPage,
  memberPage,
  organisationPage,
  type PersonInfo,
  personInfo,
  privilegeGroupPage,
} from './wire.ts';

const SIGNED = ['x-ca-key', 'x-ca-nonce', 'x-ca-timestamp'] as const;
/** The gateway names no window. A signature refused under a skew like this is retried in its own time before the keys are blamed. */
const SUSPICIOUS_SKEW_MS = 60_000;

/** Most entries a page holds (OpenAPI guide). */
const PAGE = 500;
/** More pages than that is a list that never ends. */
const MOST_PAGES = 1_000;

/** The fields of single/add and single/update that describe a person (HCP document, "Add a Person"). */
export interface PersonBody {
  personCode: string;
  personFamilyName: string;
  personGivenName: string;
  gender: 0 | 1 | 2;
  orgIndexCode: string;
  remark: string;
  beginTime: string;
  endTime: string;
}

export type Client = ReturnType<typeof createClient>;

export function createClient(config: HcpConfig, deps: ConnectorDeps) {
  const http = createHttp({
    ...config,
    configDir: deps.configDir,
    // A refused signature echoes the AppKey and the string to sign.
    secrets: [config.appSecret, config.appKey],
    now: deps.now,
  });
  const clock = createServerClock(deps.now);

  const post = async (
    path: string,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ answer: HttpAnswer; marks: string[] }> => {
    const headers: Record<string, string> = {
      Accept: '*/*',
      'Content-MD5': contentMd5(body),
      'Content-Type': 'application/json;charset=UTF-8',
      'x-ca-key': config.appKey,
      'x-ca-nonce': deps.nonce(),
      'x-ca-timestamp': String(clock.time()),
    };
    // Signed from `/artemis` on, even when a proxy serves the gateway below a path of its own.
    const signature = sign({ method: 'POST', path: `/artemis${path}`, headers, signed: SIGNED }, config.appSecret);
    headers['x-ca-signature-headers'] = SIGNED.join(',');
    headers['x-ca-signature'] = signature;
    const answer = await http.request({ method: 'POST', path, headers, body, signal });
    clock.observe(answer);
    // What a gateway's echo may show of this very request.
    return { answer, marks: [signature, headers['Content-MD5'] ?? '', headers['x-ca-nonce'] ?? ''] };
  };

  const refusedForTime = (error: FaultError): boolean =>
    error.fault.kind === 'auth' && Math.abs(clock.skewMs() ?? 0) > SUSPICIOUS_SKEW_MS;

  /** One call: returns `data` of a success, throws by the table given, or by the one that fits what was said. */
  const call = (
    path: string,
    body: object,
    signal: AbortSignal,
    table: CodeTable | ((said: string) => CodeTable) = CODES,
  ): Promise<unknown> =>
    inPlatformTime(
      clock,
      async () => {
        const { answer, marks } = await post(path, new TextEncoder().encode(JSON.stringify(body)), signal);
        const { code, msg, data } = parseAnswer(answer, envelope);
        if (code === '0') return data;
        const key = /^0x/i.test(code) ? code.toLowerCase() : code;
        const codes = typeof table === 'function' ? table(msg ?? '') : table;
        throw codeFault(codes, key, { text: msg ?? '', redact: http.redact, sent: textsOf([body, marks]), answer });
      },
      refusedForTime,
    );

  /** Page after page of a list. */
  async function* pages<T>(
    path: string,
    body: object,
    schema: z.ZodType<{ total?: number | null | undefined; list?: T[] | null | undefined }>,
    signal: AbortSignal,
  ): AsyncGenerator<T> {
    let read = 0;
    for (let pageNo = 1; pageNo <= MOST_PAGES; pageNo += 1) {
      const data = await call(path, { ...body, pageNo, pageSize: PAGE }, signal, ACCESS_CODES);
      // A list without anything in it may come as empty text, as a missing person's data does.
      const { total, list } = shaped(schema, data === '' ? {} : (data ?? {}));
      const items = list ?? [];
      yield* items;
      read += items.length;
      if (items.length === 0 || read >= (total ?? 0)) return;
    }
  }

  async function every<T>(found: AsyncIterable<T>): Promise<T[]> {
    const all: T[] = [];
    for await (const item of found) all.push(item);
    return all;
  }

  const membership = (privilegeGroupId: string, personId: string) => ({
    privilegeGroupId,
    type: 1,
    list: [{ id: personId }],
  });

  return {
    clock,
    circuit: http.circuit,
    hurry: http.hurry,
    close: () => http.close(),

    /** "Get person information according to person code"; null on 128, which is how a missing person is told. */
    async find(personCode: string, signal: AbortSignal): Promise<PersonInfo | null> {
      // Nobody can have such a code.
      if (personCode === '' || personCode.length > LONGEST_CODE) return null;
      try {
        const data = await call('/api/resource/v1/person/personCode/personInfo', { personCode }, signal);
        return shaped(personInfo, data);
      } catch (error) {
        if (error instanceof FaultError && error.fault.code === '128') return null;
        throw error;
      }
    },

    /** People with this text in their name (OpenAPI guide, person/advance/personList): the first page, at most `most`. */
    async named(personName: string, most: number, signal: AbortSignal): Promise<FoundInfo[]> {
      const body = { personName, pageNo: 1, pageSize: most };
      const data = await call('/api/resource/v1/person/advance/personList', body, signal);
      return shaped(foundPage, data === '' ? {} : (data ?? {})).list ?? [];
    },

    /** "Add a Person", with the picture. Returns the new person's id. */
    async add(person: PersonBody, faceData: string, signal: AbortSignal): Promise<string> {
      const body = { ...person, faces: [{ faceData }] };
      return shaped(addedPerson, await call('/api/resource/v1/person/single/add', body, signal, addCodes));
    },

    /** "Edit a person's information (Except photo)": a picture in it would be accepted and ignored. */
    async update(personId: string, person: PersonBody, signal: AbortSignal): Promise<void> {
      await call('/api/resource/v1/person/single/update', { personId, ...person }, signal);
    },

    /** "Edit the information of face linked with the person". */
    async updateFace(personId: string, faceData: string, signal: AbortSignal): Promise<void> {
      await call('/api/resource/v1/person/face/update', { personId, faceData }, signal, FACE_CODES);
    },

    /** Removes a person (OpenAPI guide, person/single/delete). */
    async remove(personId: string, signal: AbortSignal): Promise<void> {
      await call('/api/resource/v1/person/single/delete', { personId }, signal);
    },

    /** Puts the person into a privilege group (artemis.md, "Beyond the person"). */
    async addToGroup(privilegeGroupId: string, personId: string, signal: AbortSignal): Promise<void> {
      const body = membership(privilegeGroupId, personId);
      await call('/api/acs/v1/privilege/group/single/addPersons', body, signal, ACCESS_CODES);
    },

    /** Takes the person out of a privilege group (OpenAPI guide, the counterpart of addPersons). */
    async removeFromGroup(privilegeGroupId: string, personId: string, signal: AbortSignal): Promise<void> {
      const body = membership(privilegeGroupId, personId);
      await call('/api/acs/v1/privilege/group/single/deletePersons', body, signal, ACCESS_CODES);
    },

    /** Whether the person is in a privilege group; the guide has no look-up by person, so its members are read. */
    async isInGroup(privilegeGroupId: string, personId: string, signal: AbortSignal): Promise<boolean> {
      const path = '/api/acs/v1/privilege/group/single/personList';
      for await (const member of pages(path, { type: 1, privilegeGroupId }, memberPage, signal))
        if (member.id === personId) return true;
      return false;
    },

    /** Organisations (OpenAPI guide, org/orgList). */
    organisations: (signal: AbortSignal) => every(pages('/api/resource/v1/org/orgList', {}, organisationPage, signal)),

    /** Privilege groups for access control (OpenAPI guide, privilege/group). */
    privilegeGroups: (signal: AbortSignal) =>
      every(pages('/api/acs/v1/privilege/group', { type: 1 }, privilegeGroupPage, signal)),

    /** Sends what changed to the doors (artemis.md, "Beyond the person"). */
    async reapply(personId: string, signal: AbortSignal): Promise<void> {
      const body = { personIds: personId, ImmediateDownload: 1 };
      await call('/api/visitor/v1/auth/reapplication', body, signal, ACCESS_CODES);
    },

    /**
     * How the doors fare with this person (artemis.md, auth/applicationResult; 2 asks for details, 1 means access control). The list holds failures and what
     * waits, and nothing of what went well: null is no proof.
     */
    async applying(
      person: Pick<PersonInfo, 'personId' | 'personCode'>,
      signal: AbortSignal,
    ): Promise<'failed' | 'pending' | null> {
      let found: 'pending' | null = null;
      const body = { applicationResultType: 2, type: 1 };
      for await (const entry of pages('/api/acs/v1/auth/applicationResult', body, applyingPage, signal)) {
        const named = entry.personId ?? entry.id ?? null;
        const about = named === null ? entry.personCode === person.personCode : named === person.personId;
        if (!about) continue;
        if (entry.errorCode && entry.errorCode !== '0') return 'failed';
        found = 'pending';
      }
      return found;
    },

    /** The picture behind a `picUri` (person/picture_data), as it came; its form differs by version. */
    async picture(personId: string, picUri: string, signal: AbortSignal): Promise<Uint8Array> {
      const body = new TextEncoder().encode(JSON.stringify({ personId, picUri }));
      const { answer } = await post('/api/resource/v1/person/picture_data', body, signal);
      if (answer.status !== 200) parseAnswer(answer, envelope);
      return answer.bytes;
    },
  };
}
