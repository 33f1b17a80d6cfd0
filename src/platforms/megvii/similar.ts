import type { Question } from '#shared/delivery';
import { FaultError } from '#shared/fault';
import type { EnrolJob, Photo, SimilarFace } from '../contract.ts';
import type { MegviiClient } from './client.ts';
import type { MegviiSite } from './site.ts';
import type { PersonRecord } from './wire.ts';

/** What the document's sample asks for (人脸比对 1.2.4), where the site sets none. */
const DEFAULT_THRESHOLD = 70;
/** More people who look alike are no help to anybody. */
const MOST = 50;

/** What a search needs. `threshold` 1–99 as configured; null: not searched at enrolment. */
export interface Searching {
  client: MegviiClient;
  site: MegviiSite;
  threshold: number | null;
}

/**
 * Who looks like this, most alike first (人脸比对 1.2, with a picture uploaded for search alone, 人员管理 1.2). Staff, visitors and key persons.
 * Codes come from 人员管理 1.8, because the search itself tells none.
 */
export async function similar(room: Searching, photo: Photo, signal: AbortSignal): Promise<SimilarFace[]> {
  const { client, site, threshold } = room;
  const uri = await client.uploadForSearch(photo.bytes, signal);
  const found = await site.search(uri, threshold ?? DEFAULT_THRESHOLD, signal);
  const matches = found
    .flatMap(({ personUuid, name, score }) => (personUuid ? [{ personUuid, name: name ?? null, score }] : []))
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST);
  if (matches.length === 0) return [];
  const people = await client.peopleByUuid([...new Set(matches.map(({ personUuid }) => personUuid))], signal);
  const codes = new Map(people.map((person) => [person.uuid, person.code || person.uniqueIdentify || null]));
  return matches.map(({ personUuid, name, score }) => ({
    personId: personUuid,
    code: codes.get(personUuid) ?? null,
    name,
    similarity: Math.min(1, Math.max(0, score / 100)),
  }));
}

/**
 * Before an enrolment: whether the face is somebody else's already. The person who is about to be updated is nobody else. Resolves with the question for
 * the desk, or null; throws `similar` where it was asked to stop. The box itself refuses nobody for a face, so it can always be enrolled all the same.
 */
export async function askBefore(room: Searching, job: EnrolJob, known: PersonRecord | null): Promise<Question | null> {
  if (room.threshold === null || job.onSimilar === 'force') return null;
  const faces = await job.step('photo/search', () => similar(room, job.photo, job.signal));
  const other = faces.find(({ personId }) => personId !== known?.uuid);
  if (other === undefined) return null;
  if (job.onSimilar === 'stop')
    throw new FaultError({
      kind: 'similar',
      code: 'similar',
      message: 'the box holds somebody else with a face like this one, and it was asked to stop then',
    });
  const { personId, name, code } = other;
  return {
    kind: 'similar',
    candidate: { personId, ...(name === null ? {} : { name }), ...(code === null ? {} : { code }) },
    canForce: true,
  };
}
