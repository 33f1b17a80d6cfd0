import type { HeldPerson, Pass } from '#platforms/contract';
import { isSuccess } from '#shared/delivery';
import { FaultError } from '#shared/fault';
import type { PlatformPass } from '#shared/visits';
import { asked, type CareDeps } from '../care.ts';
import { makeRendition } from '../imaging/rendition.ts';
import { smallPicture } from '../imaging/small.ts';

/** As large as a badge prints it at 300 dpi. */
const BADGE = { width: 360, height: 480, maxBytes: 120_000, headShare: 0.6 } as const;

const at = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso));

/** A pass as it crosses the contract. */
function told(platform: string, pass: Pass): PlatformPass {
  return {
    platform,
    text: pass.text,
    image: pass.image === null ? null : new Uint8Array(pass.image),
    pin: pass.pin ?? null,
    validFrom: at(pass.validFrom),
    validTo: at(pass.validTo),
    fault: null,
  };
}

/**
 * The passes of a visitor's enrolment: of every platform that gives any and has taken them, side by side.
 * @throws FaultError `unknown-enrolment`; what a platform does is in its entry
 */
export async function passesOf(deps: CareDeps, enrolment: string, signal: AbortSignal): Promise<PlatformPass[]> {
  const { journal, platforms } = deps;
  const record = journal.records.find(enrolment);
  if (record === null)
    throw new FaultError({
      kind: 'validation',
      code: 'unknown-enrolment',
      field: 'enrolment',
      message: 'there is no such enrolment',
    });
  if (record.person.kind !== 'visitor') return [];
  const able = journal.deliveries
    .list({ enrolment })
    .filter(({ state, platform }) => isSuccess(state) && platforms.has(platform))
    .map(({ platform }) => platform)
    .filter((id) => platforms.get(id).definition.capabilities.includes('pass'));
  const passes = await Promise.all(
    able.map(async (platform): Promise<PlatformPass | null> => {
      const answer = await asked(deps, platform, async () =>
        platforms.connector(platform).pass?.(record.person.code, signal),
      );
      if ('value' in answer) return answer.value ? told(platform, answer.value) : null;
      const nothing = { text: null, image: null, pin: null, validFrom: null, validTo: null };
      return { platform, ...nothing, fault: answer.fault };
    }),
  );
  return passes.filter((pass) => pass !== null);
}

/**
 * A visitor's picture for a badge. The station's own while it is kept; else the one of the first platform that hands one out, which is
 * kept nowhere.
 */
export async function pictureOf(
  deps: CareDeps,
  enrolment: string | null,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const { journal, platforms, vault } = deps;
  const record = enrolment === null ? null : journal.records.find(enrolment);
  if (enrolment === null || record === null) return null;
  const photo = journal.records.photo(enrolment);
  if (photo !== null && !photo.deleted) {
    const own = await vault.read(enrolment).then((bytes) => makeRendition(bytes, photo.head, BADGE));
    return new Uint8Array(own.bytes);
  }
  const who = { code: record.person.code, kind: record.person.kind };
  for (const { state, platform, personId } of journal.deliveries.list({ enrolment })) {
    if (!isSuccess(state) || !platforms.has(platform)) continue;
    const held: HeldPerson = { ...who, personId };
    const answer = await asked(deps, platform, async () => {
      const bytes = await platforms.connector(platform).portrait?.(held, signal);
      return bytes ? smallPicture(bytes) : null;
    });
    if ('value' in answer && answer.value !== null) return new Uint8Array(answer.value);
  }
  return null;
}
