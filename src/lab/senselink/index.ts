import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { bodyLimit } from '../core/body.ts';
import { RequestLog } from '../core/log.ts';
import type { LabContext, SimulatedPlatform } from '../core/platform.ts';
import { type Answer, failure } from './answers.ts';
import { type Form, fields, readForm } from './form.ts';
import { peopleHandlers } from './people.ts';
import { recognitionCheck, recognitionQuality } from './quality.ts';
import { md5, pushPath, Records } from './records.ts';
import { Store } from './store.ts';
import { structureHandlers } from './structure.ts';

const appKey = '35uifanj8i30kdng';
const appSecret = '2323dsfadfewrasa3434';
/** Chapter 4.2: more than 30 minutes apart is refused. */
const timestampWindow = 30 * 60_000;

type Handler = (form: Form, id: string | undefined) => Answer | Promise<Answer>;

/** SenseLink Enterprise V1.9.0-p ("API Operation Manual", V1.1), all of chapter 6 but the deletion of devices. */
export function simulateSenselink(context: LabContext): SimulatedPlatform {
  const log = new RequestLog();
  const store = new Store(context);
  const people = peopleHandlers(store);
  const structure = structureHandlers(store);

  const records = new Records(store);

  /** Chapter 4: key, time and signature come with the other parameters, in URL or form. */
  function judge({ app_key, timestamp, sign }: Record<string, unknown>): Answer | null {
    for (const [name, value] of Object.entries({ app_key, timestamp, sign }))
      if (typeof value !== 'string' || value === '') return failure(30004, name);
    if (app_key !== appKey) return failure(10001);
    if (!/^\d{1,15}$/.test(String(timestamp))) return failure(30001, 'timestamp');
    if (sign !== md5(`${timestamp}#${appSecret}`)) return failure(10005);
    return Math.abs(Number(timestamp) - context.now()) > timestampWindow ? failure(10003) : null;
  }

  const routes: Record<string, { GET?: Handler; POST?: Handler }> = {
    '/api/v1/company': { GET: structure.company },
    '/api/v1/device': { GET: structure.listDevices },
    '/api/v2/device/update': { POST: structure.updateDevice },
    '/api/v1/user': { POST: people.addUser },
    '/api/v1/user/update/:id': { POST: people.updateUser },
    '/api/v1/user/delete/:id': { GET: (_form, id) => people.deleteUser(id) },
    '/api/v1/user/list': { GET: people.list },
    '/api/v1/guest': { POST: people.addGuest },
    '/api/v1/guest/update/:id': { POST: people.updateGuest },
    '/api/v1/guest/delete/:id': { GET: (_form, id) => people.deleteGuest(id) },
    '/api/v1/group': { GET: structure.listGroups, POST: structure.addGroup },
    '/api/v1/group/update': { POST: structure.updateGroup },
    '/api/v1/user/add/group': { POST: structure.addToGroup },
    '/api/v1/user/remove/group': { POST: structure.removeFromGroup },
    '/api/v1/record': { GET: (form) => records.list(form) },
    '/api/v1/recognition/check': { POST: recognitionCheck },
    '/api/v1/recognition/quality': {
      POST: (form) => recognitionQuality(form, () => context.meets('poor-photo')),
    },
    // The chapter's titles say v2, its examples v1; the titles and the table of contents agree, so v2 it is.
    '/api/v2/department': { GET: structure.departments, POST: structure.addDepartment },
    '/api/v2/department/search/code': { GET: structure.departmentByCode },
    '/api/v2/department/:id': { GET: (_form, id) => structure.departmentById(id) },
    '/api/v2/department/update': { POST: structure.updateDepartment },
    '/api/v2/department/delete': { GET: structure.deleteDepartment },
  };

  const serve = (handle: Handler) => async (request: FastifyRequest) => {
    const form = await readForm(request);
    if (!form) return failure(30001, 'content type');
    return judge(fields(form)) ?? handle(form, (request.params as { id?: string }).id);
  };

  return {
    kind: 'senselink',
    title: 'SenseLink Enterprise',
    basePath: '',
    log,
    people: () => [...store.people.values()].map((person) => store.asLabPerson(person)),
    clear() {
      store.clear();
      records.clear();
    },
    config: (baseUrl, pushPort) => ({
      kind: 'senselink',
      baseUrl,
      appKey,
      appSecret,
      groupIds: { staff: [1], visitor: [2] },
      pushPort,
      avatarPath: '/avatar/{id}',
    }),
    push: {
      welcome(url) {
        const asked = pushPath(url);
        if (asked === null) return null;
        return judge(asked) === null
          ? { message: { code: 20000, message: ' Connected!', desc: 'Connected!' }, accepted: true }
          : { message: { code: 20002, message: 'Permission Denied!', desc: 'app key not exist' }, accepted: false };
      },
      heartBeat: () => ({ code: 10000, desc: 'heart beat', message: 'heart beat' }),
      loggedPath: (path) => path.split('/').slice(0, 3).join('/'),
    },
    recognise: (order) => records.add(order),
    // Chapter 5 has no code for a full database.
    ownFaults: ['similar', 'poor-photo', 'photo-lost'],
    overload: (mode) =>
      mode === 'busy'
        ? { status: 200, body: failure(50003) }
        : { status: 429, headers: { 'retry-after': '1' }, body: failure(50003) },
    async register(app: FastifyInstance) {
      await app.register(multipart, { limits: { fileSize: bodyLimit, files: 4, fields: 4000, parts: 4004 } });
      app.setErrorHandler((error, _request, reply: FastifyReply) => {
        const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
        return reply.code(status).send(failure(30001, 'form'));
      });
      for (const [path, handlers] of Object.entries(routes)) {
        for (const method of ['GET', 'POST'] as const) {
          const handle = handlers[method];
          app.route({ method, url: path, handler: handle ? serve(handle) : async () => failure(50004) });
        }
      }
      // The manual prints ids of pictures and no call that takes one: this path stands for whatever a site's server has there.
      app.get<{ Params: { id: string } }>('/avatar/:id', async (request, reply) => {
        const form = await readForm(request);
        const refusal = form && judge(fields(form));
        if (refusal !== null) return refusal;
        const { id } = request.params;
        const avatar = [...store.people.values()].find((person) => person.avatar?.id === id)?.avatar;
        return avatar ? reply.type('image/jpeg').send(avatar.file.bytes) : reply.code(404).type('text/plain').send('');
      });
      app.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: 404, message: 'Not Found' }));
    },
  };
}
