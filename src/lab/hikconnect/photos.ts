import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { bareBase64, inspectPicture } from '../core/picture.ts';
import type { LabContext } from '../core/platform.ts';
import { shelve } from '../core/shelf.ts';
import { Refusal } from './answers.ts';
import { requiredText } from './fields.ts';
import { existing } from './people.ts';
import { post } from './routes.ts';
import type { StoredPerson, TenantState } from './state.ts';

/** Face pictures (chapter 5.8.7) and where `headPicUrl` points. */
export function photoRoutes(app: FastifyInstance, context: LabContext, tenant: TenantState): void {
  post(app, '/api/hccgw/person/v1/persons/photo', async (body) => {
    const person = existing(tenant, requiredText(body, 'personId'));
    await setPhoto(context, tenant, person, body.photoData);
  });

  // A picture's URL is unguessable and takes no token, as cloud storage hands them out.
  app.get<{ Params: { key: string } }>('/pictures/:key', (request, reply) => {
    const { key } = request.params;
    const owner = [...tenant.people.values()].find(({ photo }) => photo?.key === key);
    if (owner?.photo == null) return reply.code(404).type('text/plain').send('');
    return reply.type('image/jpeg').send(owner.photo.file.bytes);
  });
}

/**
 * Gives a person a face picture.
 * @param data base64 of a JPEG, bare.
 * @throws Refusal OPEN000010 when it is missing, CCF038062 when it is no whole JPEG, CCF038068 when somebody else has the very
 * same file.
 */
export async function setPhoto(
  context: LabContext,
  tenant: TenantState,
  person: StoredPerson,
  data: unknown,
): Promise<void> {
  if (typeof data !== 'string' || data === '') throw new Refusal('OPEN000010', 'photoData');
  const bytes = bareBase64(data);
  const picture = bytes === null ? null : await inspectPicture(bytes);
  if (bytes === null || picture?.format !== 'jpeg') throw new Refusal('CCF038062');
  const digest = createHash('sha256').update(bytes).digest('hex');
  for (const other of tenant.people.values())
    if (other.personId !== person.personId && other.photo?.digest === digest) throw new Refusal('CCF038068');
  if (context.meets('poor-photo')) throw new Refusal('CCF038062');
  // A.4: the platform keeps the picture, and no device can make a face of it.
  const refusal = context.meets('photo-lost') ? 'THD_ISAPI_0x60000036' : '';
  person.photo = { file: shelve(bytes), size: bytes.length, digest, key: context.random(), refusal };
  person.sentAt = context.now();
}

/** Where a person's picture can be fetched, or undefined. */
export function photoUrl(context: LabContext, person: StoredPerson): string | undefined {
  return person.photo === null ? undefined : `${context.baseUrl()}/pictures/${person.photo.key}`;
}
