import type { Output, Received } from '#shared/contract';
import { FaultError } from '#shared/fault';
import type { PersonDetail, PersonSummary, Standing } from '#shared/people';
import { displayName } from '#shared/person';
import type { PersonExport } from './api.ts';
import type { StoredPhoto } from './imaging/master.ts';
import type { EnrolmentRecord, Journal } from './journal/index.ts';
import type { Platforms } from './platforms.ts';
import type { PhotoVault } from './vault/photos.ts';

export interface PeopleDeps {
  journal: Journal;
  platforms: Platforms;
  vault: PhotoVault;
  now(): number;
  actor(): string;
}

/** Text as it is compared: without case, accents and width. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * Whether somebody is found by a query: every word of it begins the code or a word of the name; Han names, which have no words, are
 * found by any part.
 */
export function isFound(query: string, code: string, name: string): boolean {
  const words = folded(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const [key, whole] = [folded(code), folded(name)];
  const parts = whole.split(/[\s,.·-]+/);
  return words.every(
    (word) =>
      key.startsWith(word) ||
      parts.some((part) => part.startsWith(word)) ||
      (/\p{Script=Han}/u.test(word) && whole.includes(word)),
  );
}

function unknown(): FaultError {
  return new FaultError({
    kind: 'validation',
    code: 'unknown-person',
    field: 'code',
    message: 'nobody with this code was enrolled here',
  });
}

export type PeopleView = ReturnType<typeof createPeopleView>;

/** The people view: who was enrolled here and how they stand on each platform. */
export function createPeopleView({ journal, platforms, vault, now, actor }: PeopleDeps) {
  const { records, deliveries, audit, inspections, visits } = journal;

  const known = (code: string): EnrolmentRecord => {
    const record = records.byCode(code);
    if (record === null) throw unknown();
    return record;
  };

  const standings = (personRef: string): Standing[] => {
    const newest = new Map<string, Standing>();
    for (const delivery of deliveries.list({ person: personRef }))
      newest.set(delivery.platform, { ...delivery, configured: platforms.has(delivery.platform) });
    return [...newest.values()];
  };

  const summary = ({
    person,
    personRef,
    createdAt,
  }: Omit<EnrolmentRecord, 'id' | 'consent' | 'presence'>): PersonSummary => ({
    code: person.code,
    name: displayName(person.name),
    kind: person.kind,
    enrolledAt: createdAt,
    platforms: standings(personRef),
  });

  return {
    /** Names are sealed: all records are opened and compared, which takes some microseconds each; only the page's deliveries are read. */
    find({ query, limit, offset }: Received<'people.find'>): Output<'people.find'> {
      const found: string[] = [];
      for (const { enrolment, code, name } of records.everybody()) {
        if (isFound(query, code, displayName(name))) found.push(enrolment);
      }
      const page = found.slice(offset, offset + limit);
      return {
        total: found.length,
        people: page.flatMap((enrolment) => {
          const record = records.find(enrolment);
          return record === null ? [] : summary(record);
        }),
      };
    },

    get(code: string): PersonDetail {
      const record = known(code);
      const photo = records.photo(record.id);
      return {
        ...summary(record),
        person: record.person,
        photoStored: photo !== null && !photo.deleted,
        consent: record.consent,
        removing: journal.removals.open(code).map(({ platform }) => platform),
        enrolments: records
          .ofPerson(record.personRef)
          .map(({ id, createdAt }) => ({ id, createdAt, deliveries: deliveries.list({ enrolment: id }) })),
      };
    },

    /** The person as last enrolled. `photo` gives the newest one that is still here; FaultError `photo-gone` when there is none. */
    stored(code: string): Pick<EnrolmentRecord, 'person' | 'consent' | 'presence'> & { photo(): Promise<StoredPhoto> } {
      const { personRef, person, consent, presence } = known(code);
      return {
        person,
        consent,
        presence,
        async photo() {
          for (const { id } of records.ofPerson(personRef)) {
            const kept = records.photo(id);
            if (kept !== null && !kept.deleted)
              return {
                bytes: await vault.read(id),
                version: kept.version,
                head: kept.head,
                inspection: inspections.find(id),
              };
          }
          throw new FaultError({
            kind: 'validation',
            code: 'photo-gone',
            field: 'photo',
            message: 'the photo of this person was deleted after it was delivered: take a new one',
          });
        },
      };
    },

    async export(code: string, { photos = false }: { photos?: boolean } = {}): Promise<PersonExport> {
      const record = known(code);
      const iso = (ms: number) => new Date(ms).toISOString();
      const proofs = journal.passes.proofsOf(record.personRef);
      const enrolments: PersonExport['enrolments'] = [];
      for (const one of records.ofPerson(record.personRef).reverse()) {
        const photo = records.photo(one.id);
        const stored = photo !== null && !photo.deleted;
        enrolments.push({
          id: one.id,
          createdAt: iso(one.createdAt),
          person: one.person,
          consent: one.consent && { version: one.consent.version, at: iso(one.consent.at) },
          presence: one.presence && { ...one.presence, at: iso(one.presence.at) },
          photo: {
            stored,
            version: photo?.version ?? null,
            ...(photos && stored && { jpegBase64: (await vault.read(one.id)).toString('base64') }),
          },
          seen: inspections.find(one.id),
          deliveries: deliveries.list({ enrolment: one.id }),
          faceKept: journal.imports.hasDeskFace(one.id),
          proven: proofs
            .filter(({ enrolment }) => enrolment === one.id)
            .map(({ platform, gate, at, similarity }) => ({ platform, gate, at: iso(at), similarity })),
        });
      }
      audit.append({ actor: actor(), action: 'export', subject: code, outcome: 'done', detail: { photos } }, now());
      return {
        exportedAt: iso(now()),
        code: record.person.code,
        enrolments,
        imports: journal.imports.ofCode(record.person.code).map(({ line, cells }) => ({ line, cells })),
        visits: visits.latest(code).map(({ person, from, to, arrivedAt, leftAt }) => ({
          person,
          from: iso(from),
          to: iso(to),
          arrivedAt: arrivedAt === null ? null : iso(arrivedAt),
          leftAt: leftAt === null ? null : iso(leftAt),
        })),
        passes: journal.passes
          .ofPerson(record.personRef)
          .map(({ platform, gate, at, method, similarity }) => ({ platform, gate, at: iso(at), method, similarity })),
        audit: [...audit.rows(record.person.code)].map(({ hash: _hash, ...row }) => row),
      };
    },
  };
}
