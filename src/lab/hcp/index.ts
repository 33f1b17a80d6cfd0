import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { bodyBytes, jsonObject, mediaType } from '../core/body.ts';
import { checkFields } from '../core/check.ts';
import { RequestLog } from '../core/log.ts';
import type { LabContext, SimulatedPlatform } from '../core/platform.ts';
import { shelve } from '../core/shelf.ts';
import { ArtemisGateway } from './signature.ts';
import {
  addRequest,
  asLabPerson,
  type HcpPerson,
  organisations,
  personInfo,
  privilegeGroups,
  readFace,
  updateRequest,
} from './store.ts';

const appKey = '23456789';
const appSecret = 'Rk9SLVRFU1QtT05MWQ0s';

type Answer = { code: string; msg: string; data?: unknown };
type Handler = (body: Record<string, unknown>) => Answer | Promise<Answer>;

const success = (data: unknown = ''): Answer => ({ code: '0', msg: 'Success', data });
const parameterError = (field: string): Answer => ({ code: '2', msg: `Parameter error(${field})`, data: '' });
const notFound = (what = ''): Answer => ({
  code: '128',
  msg: `The request resource does not exist${what && `(${what})`}`,
  data: '',
});
/** The guide's error list: 132 is the licensed number of persons, 5 on face/update the picture store. */
const noMorePersons: Answer = { code: '132', msg: 'The maximum number of resources is reached', data: '' };
const storeFull: Answer = { code: '5', msg: 'Database exception', data: '' };
const invalidFace: Answer = { code: '128', msg: 'person data is invalid', data: '' };

const page = { pageNo: z.int().min(1), pageSize: z.int().min(1).max(500) };
const members = z.looseObject({
  privilegeGroupId: z.string().min(1),
  type: z.literal(1),
  list: z
    .array(z.looseObject({ id: z.string().min(1) }))
    .min(1)
    .max(1000),
});

/**
 * HikCentral Professional's OpenAPI behind its Artemis gateway: the person endpoints of "HCP OpenAPI Technical
 * Documentation", the vendor's guide where that leaves answers out, and the access-group endpoints.
 */
export function simulateHcp(context: LabContext): SimulatedPlatform {
  const gateway = new ArtemisGateway(appKey, appSecret, context.now);
  const log = new RequestLog();
  let people = new Map<string, HcpPerson>();
  let nextId = 1150;

  const byCode = (personCode: string) => people.values().find((person) => person.personCode === personCode);
  const setPhoto = (person: HcpPerson, photo: Buffer) => {
    const lost = context.meets('photo-lost');
    person.photo = lost ? null : shelve(photo);
    person.picUri = lost ? '' : `/pic?id=${context.random()}`;
    person.applied = false;
  };

  const handlers: Record<string, Handler> = {
    'resource/v1/person/personCode/personInfo': (body) => {
      const asked = checkFields(z.looseObject({ personCode: z.string().min(1).max(16) }), body);
      if (!asked.ok) return parameterError(asked.field);
      const person = byCode(asked.value.personCode);
      return person ? success(personInfo(person)) : notFound();
    },

    'resource/v1/person/personId/personInfo': (body) => {
      const asked = checkFields(z.looseObject({ personId: z.string().min(1) }), body);
      if (!asked.ok) return parameterError(asked.field);
      const person = people.get(asked.value.personId);
      return person ? success(personInfo(person)) : notFound();
    },

    // The guide's "advance" list: every condition given has to hold, the name by a part of it.
    'resource/v1/person/advance/personList': (body) => {
      const asked = checkFields(
        z.looseObject({
          ...page,
          personName: z.string().max(255).optional(),
          personCode: z.string().max(16).optional(),
          phoneNo: z.string().max(64).optional(),
        }),
        body,
      );
      if (!asked.ok) return parameterError(asked.field);
      const { personName = '', personCode = '', phoneNo = '' } = asked.value;
      const found = [...people.values()]
        .map(personInfo)
        .filter(
          (person) =>
            String(person.personName).toLowerCase().includes(personName.toLowerCase()) &&
            (personCode === '' || person.personCode === personCode) &&
            String(person.phoneNo).includes(phoneNo),
        );
      return success(paged(found, asked.value));
    },

    'resource/v1/person/single/add': async (body) => {
      const asked = checkFields(addRequest, body);
      if (!asked.ok) return parameterError(asked.field);
      const fields = asked.value;
      if (!organisations.some((org) => org.orgIndexCode === fields.orgIndexCode)) return notFound('orgIndexCode');
      const beginTime = fields.beginTime ?? new Date(context.now()).toISOString();
      const endTime = fields.endTime ?? new Date(context.now() + 10 * 365 * 86_400_000).toISOString();
      if (Date.parse(endTime) <= Date.parse(beginTime)) return parameterError('endTime');
      const face = fields.faces?.[0];
      const photo = face ? await readFace(face.faceData) : null;
      if (face && !photo) return invalidFace;
      // Looked up after the last await: two concurrent adds of one code must not both pass.
      if (byCode(fields.personCode)) return { code: '131', msg: 'The requested resource already exists', data: '' };
      if (context.meets('full')) return noMorePersons;
      if (face && context.meets('poor-photo')) return invalidFace;
      const person: HcpPerson = {
        personId: String(nextId++),
        personCode: fields.personCode,
        personFamilyName: fields.personFamilyName,
        personGivenName: fields.personGivenName,
        gender: fields.gender ?? 0,
        orgIndexCode: fields.orgIndexCode,
        phoneNo: fields.phoneNo ?? '',
        email: fields.email ?? '',
        remark: fields.remark ?? '',
        beginTime,
        endTime,
        cards: (fields.cards ?? []).map((card) => card.cardNo),
        photo: null,
        picUri: '',
        groups: new Set(),
        applied: false,
      };
      if (photo) setPhoto(person, photo);
      people.set(person.personId, person);
      return success(person.personId);
    },

    'resource/v1/person/single/update': (body) => {
      const asked = checkFields(updateRequest, body);
      if (!asked.ok) return parameterError(asked.field);
      // `faces` is taken and silently ignored, as live servers do: only face/update changes the photo.
      const { personId, faces: _ignored, cards, ...fields } = asked.value;
      const person = people.get(personId);
      if (!person) return notFound('personId');
      if (fields.personCode !== undefined && fields.personCode !== person.personCode)
        return parameterError('personCode');
      if (fields.orgIndexCode && !organisations.some((org) => org.orgIndexCode === fields.orgIndexCode))
        return notFound('orgIndexCode');
      const beginTime = fields.beginTime ?? person.beginTime;
      const endTime = fields.endTime ?? person.endTime;
      if (Date.parse(endTime) <= Date.parse(beginTime)) return parameterError('endTime');
      person.personFamilyName = fields.personFamilyName ?? person.personFamilyName;
      person.personGivenName = fields.personGivenName ?? person.personGivenName;
      person.gender = fields.gender ?? person.gender;
      person.orgIndexCode = fields.orgIndexCode ?? person.orgIndexCode;
      person.phoneNo = fields.phoneNo ?? person.phoneNo;
      person.email = fields.email ?? person.email;
      person.remark = fields.remark ?? person.remark;
      person.beginTime = beginTime;
      person.endTime = endTime;
      if (cards) person.cards = cards.map((card) => card.cardNo);
      return success();
    },

    'resource/v1/person/face/update': async (body) => {
      const asked = checkFields(z.looseObject({ personId: z.string().min(1), faceData: z.string().min(1) }), body);
      if (!asked.ok) return parameterError(asked.field);
      const person = people.get(asked.value.personId);
      if (!person) return notFound('personId');
      const photo = await readFace(asked.value.faceData);
      if (!photo) return invalidFace;
      if (context.meets('full')) return storeFull;
      if (context.meets('poor-photo')) return invalidFace;
      setPhoto(person, photo);
      return success();
    },

    'resource/v1/person/single/delete': (body) => {
      const asked = checkFields(z.looseObject({ personId: z.string().min(1) }), body);
      if (!asked.ok) return parameterError(asked.field);
      return people.delete(asked.value.personId) ? success() : notFound('personId');
    },

    'resource/v1/org/orgList': (body) => {
      const asked = checkFields(z.looseObject(page), body);
      if (!asked.ok) return parameterError(asked.field);
      return success(paged(organisations, asked.value));
    },

    'acs/v1/privilege/group': (body) => {
      const asked = checkFields(z.looseObject({ ...page, type: z.union([z.literal(1), z.literal(2)]) }), body);
      if (!asked.ok) return parameterError(asked.field);
      return success(paged(asked.value.type === 1 ? privilegeGroups : [], asked.value));
    },

    'acs/v1/privilege/group/single/addPersons': (body) => changeMembers(body, (person, id) => person.groups.add(id)),
    'acs/v1/privilege/group/single/deletePersons': (body) =>
      changeMembers(body, (person, id) => person.groups.delete(id)),

    'acs/v1/privilege/group/single/personList': (body) => {
      const asked = checkFields(
        z.looseObject({ ...page, type: z.literal(1), privilegeGroupId: z.string().min(1) }),
        body,
      );
      if (!asked.ok) return parameterError(asked.field);
      const { privilegeGroupId } = asked.value;
      if (!privilegeGroups.some((group) => group.privilegeGroupId === privilegeGroupId))
        return notFound('privilegeGroupId');
      const inside = [...people.values()].filter((person) => person.groups.has(privilegeGroupId));
      return success(
        paged(
          inside.map(({ personId }) => ({ id: personId })),
          asked.value,
        ),
      );
    },

    // What failed and what waits, never what went well. The guide prints no answer: the entries' names are the lab's.
    'acs/v1/auth/applicationResult': (body) => {
      const asked = checkFields(
        z.looseObject({ ...page, applicationResultType: z.literal([1, 2]), type: z.literal([1, 2]) }),
        body,
      );
      if (!asked.ok) return parameterError(asked.field);
      const { type, applicationResultType } = asked.value;
      const entitled = type === 1 ? [...people.values()].filter(({ groups }) => groups.size > 0) : [];
      const pending = entitled.length > 0 && context.meets('pending');
      const entries = entitled.flatMap(({ personId, photo, picUri, applied }) => {
        if (photo === null && picUri === '') return [{ personId, errorCode: '268443650', errorMsg: 'No face picture' }];
        return pending || !applied ? [{ personId, errorCode: '0', errorMsg: 'Waiting to be applied' }] : [];
      });
      if (applicationResultType === 2) return success(paged(entries, asked.value));
      const failed = entries.filter(({ errorCode }) => errorCode !== '0').length;
      return success({ failedNum: failed, waitingNum: entries.length - failed });
    },

    'visitor/v1/auth/reapplication': (body) => {
      const asked = checkFields(
        z.looseObject({ personIds: z.string().regex(/^\w+(,\w+)*$/), ImmediateDownload: z.literal([0, 1]) }),
        body,
      );
      if (!asked.ok) return parameterError(asked.field);
      const ids = asked.value.personIds.split(',');
      if (ids.some((id) => !people.has(id))) return notFound('personIds');
      for (const id of ids) {
        const person = people.get(id);
        if (person) person.applied = true;
      }
      return success();
    },
  };

  function changeMembers(body: Record<string, unknown>, change: (person: HcpPerson, group: string) => void): Answer {
    const asked = checkFields(members, body);
    if (!asked.ok) return parameterError(asked.field);
    const { privilegeGroupId, list } = asked.value;
    if (!privilegeGroups.some((group) => group.privilegeGroupId === privilegeGroupId))
      return notFound('privilegeGroupId');
    if (list.some(({ id }) => !people.has(id))) return notFound('list.id');
    for (const { id } of list) {
      const person = people.get(id);
      if (!person) continue;
      change(person, privilegeGroupId);
      person.applied = false;
    }
    return success();
  }

  /** The photo comes as a bare data URI, not in an envelope; only failures are JSON. */
  function pictureData(request: FastifyRequest, reply: FastifyReply): Answer | string {
    const asked = checkFields(
      z.looseObject({ personId: z.string().min(1), picUri: z.string().min(1) }),
      jsonObject(request) ?? {},
    );
    if (!asked.ok) return parameterError(asked.field);
    const person = people.get(asked.value.personId);
    if (!person?.photo || person.picUri !== asked.value.picUri) return notFound('picUri');
    void reply.type('text/plain; charset=utf-8');
    return `data:image/jpeg;base64,${person.photo.bytes.toString('base64')}`;
  }

  return {
    kind: 'hcp',
    title: 'HikCentral Professional',
    basePath: '/artemis',
    log,
    people: () => [...people.values()].map(asLabPerson),
    clear() {
      people = new Map();
      gateway.forgetNonces();
    },
    config: (baseUrl) => ({ kind: 'hcp', baseUrl, appKey, appSecret, orgIndexCode: '2', privilegeGroupId: '1' }),
    ownFaults: ['full', 'poor-photo', 'photo-lost', 'pending'],
    overload: (mode) =>
      mode === 'busy'
        ? { status: 200, body: { code: '6', msg: 'The server is busy', data: '' } }
        : {
            status: 429,
            headers: { 'retry-after': '1' },
            body: { code: '0x02401009', msg: 'Maximum API calling attempts reached' },
          },
    register(app: FastifyInstance) {
      app.addHook('preHandler', async (request, reply) => {
        const refusal = gateway.judge({
          method: request.method,
          url: request.url,
          headers: request.headers,
          body: bodyBytes(request),
        });
        if (refusal) return reply.code(200).send(refusal);
      });
      for (const [path, handle] of Object.entries(handlers)) {
        app.post(`/artemis/api/${path}`, async (request) => {
          const body = mediaType(request) === 'application/json' ? jsonObject(request) : null;
          return body ? handle(body) : parameterError('body');
        });
      }
      app.post('/artemis/api/resource/v1/person/picture_data', async (request, reply) => pictureData(request, reply));
      app.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: '12', msg: 'URL not supported' }));
    },
  };
}

function paged<T>(all: T[], { pageNo, pageSize }: { pageNo: number; pageSize: number }) {
  return { total: all.length, pageNo, pageSize, list: all.slice((pageNo - 1) * pageSize, pageNo * pageSize) };
}
