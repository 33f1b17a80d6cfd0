import type { HeldPerson } from '#platforms/contract';
import type { Output } from '#shared/contract';
import { FaultError } from '#shared/fault';
import type { Person } from '#shared/person';
import { asked } from './care.ts';
import { makeRendition } from './imaging/rendition.ts';
import { smallPicture } from './imaging/small.ts';
import type { DeliveryRecord, Journal } from './journal/index.ts';
import type { Platforms } from './platforms.ts';
import type { PhotoVault } from './vault/photos.ts';

export interface FacesDeps {
  journal: Journal;
  platforms: Platforms;
  vault: PhotoVault;
  now(): number;
  /** Who looks, for the audit trail. */
  actor(): string;
  unexpected(what: string, error: unknown): void;
}

type Faces = Output<'delivery.faces'>;

/** As the desk's own preview, at half its size. */
const OWN = { width: 360, height: 480, maxBytes: 120_000, headShare: 0.6 } as const;

function nothingAsked(): FaultError {
  return new FaultError({
    kind: 'validation',
    code: 'nothing-asked',
    field: 'id',
    message: 'this delivery asks about nobody: there is no other face to show',
  });
}

/** Whose picture a delivery is about (pure): the one in its question, or whoever bears the code; null when it is about nobody else. */
function otherPerson(
  { state, question, error }: Pick<DeliveryRecord, 'state' | 'question' | 'error'>,
  person: Pick<Person, 'code' | 'kind'>,
): HeldPerson | null {
  const { kind } = person;
  if (state === 'asking' && question !== null) {
    const { personId = null, code = question.kind === 'exists' ? person.code : null } = question.candidate;
    return { personId, code, kind };
  }
  return state === 'refused' && error?.kind === 'exists' ? { personId: null, code: person.code, kind } : null;
}

/** The two faces of a delivery that asks. The other one comes from the platform each time: nothing of it is written anywhere. */
export async function facesOf(deps: FacesDeps, id: string, signal: AbortSignal): Promise<Faces> {
  const { journal, now, actor } = deps;
  const delivery = journal.deliveries.find(id);
  const enrolment = delivery && journal.records.find(delivery.enrolment);
  if (!delivery || !enrolment) throw nothingAsked();
  const other = otherPerson(delivery, enrolment.person);
  if (other === null) throw nothingAsked();
  const [own, there] = await Promise.all([ownFace(deps, delivery.enrolment), fetched(deps, delivery, other, signal)]);
  journal.audit.append(
    {
      actor: actor(),
      action: 'look',
      subject: enrolment.person.code,
      platform: delivery.platform,
      outcome: there.other === null ? 'none' : 'shown',
      detail: { delivery: id },
    },
    now(),
  );
  return { own, ...there };
}

async function ownFace({ journal, vault }: FacesDeps, enrolment: string): Promise<Faces['own']> {
  const photo = journal.records.photo(enrolment);
  if (photo === null || photo.deleted) return null;
  const { bytes } = await makeRendition(await vault.read(enrolment), photo.head, OWN);
  return new Uint8Array(bytes);
}

async function fetched(
  deps: FacesDeps,
  { platform }: DeliveryRecord,
  other: HeldPerson,
  signal: AbortSignal,
): Promise<Pick<Faces, 'other' | 'unreachable'>> {
  const answer = await asked(deps, platform, async () => {
    const bytes = await deps.platforms.connector(platform).portrait?.(other, signal);
    const small = bytes ? await smallPicture(bytes) : null;
    bytes?.fill(0);
    return small;
  });
  return 'fault' in answer ? { other: null, unreachable: true } : { other: answer.value, unreachable: false };
}
