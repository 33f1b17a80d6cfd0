import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import fastify, { type FastifyReply } from 'fastify';
import { ZodError, z } from 'zod';
import { type FaultBoard, faultChoice, faultOrder } from '../core/faults.ts';
import type { Lab } from '../core/lab.ts';
import { listenOn } from '../core/listen.ts';
import type { LabPerson } from '../core/platform.ts';
import { pageHtml, pageScript, pageStyle } from './assets.ts';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const passOrder = z.strictObject({
  platform: z.string().min(1),
  key: z.string().min(1).optional(),
  method: z.enum(['face', 'card', 'code']).optional(),
  at: z.int().min(0).optional(),
  refused: z.boolean().optional(),
});

/** A person as the page's JSON tells it: the photo by its address, size and digest. */
function describe(platform: string, { photo, ...person }: LabPerson) {
  return {
    ...person,
    photo: photo && `/lab/photo/${encodeURIComponent(platform)}/${encodeURIComponent(person.id)}`,
    photoBytes: photo?.length ?? 0,
    photoSha256: photo && createHash('sha256').update(photo).digest('hex'),
  };
}

/** The picture formats a browser may be told of; anything else goes out as plain bytes. */
function pictureType(bytes: Buffer): string {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
  if (bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))) return 'image/png';
  if (bytes.subarray(0, 2).toString('latin1') === 'BM') return 'image/bmp';
  return 'application/octet-stream';
}

/** The lab's page and its orders over HTTP, on 127.0.0.1. */
export async function hostPage(lab: Lab, faults: FaultBoard, port: number) {
  const app = fastify({ logger: false, bodyLimit: 1024 * 1024 });
  let host = '';

  app.addHook('onRequest', async (request, reply) => {
    void reply.headers({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    // A page of another site must not drive the lab, neither by a rebound name nor by a cross-site request.
    const port = host.split(':').at(-1);
    if (request.headers.host !== host && request.headers.host !== `localhost:${port}`)
      return reply.code(421).send({ error: 'This server answers to 127.0.0.1 only.' });
    const origin = request.headers.origin;
    if (origin !== undefined && origin !== `http://${request.headers.host}`)
      return reply.code(403).send({ error: 'Requests from other origins are refused.' });
  });
  app.setErrorHandler((error, _request, reply: FastifyReply) => {
    if (error instanceof ZodError) return reply.code(400).send({ error: z.prettifyError(error) });
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 400;
    return reply.code(status).send({ error: error instanceof Error ? error.message : 'Unknown error' });
  });

  app.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(pageHtml));
  app.get('/favicon.ico', (_request, reply) => reply.code(204).send());
  app.get('/lab/page.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(pageScript));
  app.get('/lab/page.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(pageStyle));

  const platforms = () =>
    Object.fromEntries(
      [...lab.platforms].map(
        ([
          id,
          {
            url,
            platform: { kind, title, recognise, ownFaults },
          },
        ]) => [id, { kind, title, url, off: faults.isOff(id), passes: recognise !== undefined, ownFaults }],
      ),
    );
  const people = () =>
    Object.fromEntries(
      Object.entries(lab.people()).map(([id, everybody]) => [id, everybody.map((person) => describe(id, person))]),
    );
  app.get('/lab/platforms.json', async () => platforms());
  app.get('/lab/people', async () => people());
  app.get('/lab/people.json', async () => people());
  app.get('/lab/config.json', async () => lab.config);
  app.get('/lab/log', async () => Object.fromEntries([...lab.platforms.keys()].map((id) => [id, lab.log(id)])));
  app.get<{ Params: { platform: string; id: string } }>('/lab/photo/:platform/:id', (request, reply) => {
    const everybody = lab.platforms.get(request.params.platform)?.platform.people() ?? [];
    const photo = everybody.find((person) => person.id === request.params.id)?.photo;
    if (!photo) return reply.code(404).send({ error: 'No such photo.' });
    return reply.type(pictureType(photo)).send(photo);
  });

  app.get('/lab/faults', async () => faults.standing());
  app.post('/lab/faults', async (request) => {
    await lab.order(faultOrder.parse(request.body));
    return faults.standing();
  });
  app.delete('/lab/faults', async (request) => {
    await lab.clearFaults(faultChoice.parse(request.query));
    return faults.standing();
  });
  app.post('/lab/pass', async (request) => lab.recognise(passOrder.parse(request.body)));
  app.post('/lab/reset', async () => {
    await lab.reset();
    return {};
  });

  await app.ready();
  const server = createServer((request, response) => app.routing(request, response));
  host = `127.0.0.1:${await listenOn(server, port, 'its page')}`;
  return {
    url: `http://${host}/`,
    async close() {
      server.close();
      server.closeAllConnections();
      await app.close();
    },
  };
}
