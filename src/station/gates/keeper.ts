import type { RecognitionRecord } from '#platforms/contract';
import type { GatePass, GateProof } from '#shared/gates';
import { displayName } from '#shared/person';
import type { Journal } from '../journal/index.ts';
import type { PassRow, Provable } from '../journal/passes.ts';
import { isKept, outcomeOf, proves } from './policy.ts';

export interface KeeperDeps {
  journal: Journal;
  now(): number;
  /** How long passes are kept. */
  keepMs: number;
  passed(pass: GatePass): void;
  proven(proof: GateProof): void;
}

/** What is to be written about a record: that somebody passed, that an enrolment is proven, or both. */
interface News {
  record: RecognitionRecord;
  person: string | null;
  fresh: boolean;
  provable: Provable | null;
}

export type Keeper = ReturnType<typeof createKeeper>;

/** Keeps who passed, once each however often it is told, and marks the first pass on the enrolment it proves. */
export function createKeeper({ journal, now, keepMs, passed, proven }: KeeperDeps) {
  const { passes, records, deliveries, audit } = journal;

  const view = ({ id, platform, gate, at, method, similarity, person, proof, ...row }: PassRow): GatePass => {
    const known = person === null ? undefined : records.ofPerson(person)[0]?.person;
    return {
      id,
      platform,
      gate,
      at,
      outcome: outcomeOf(row),
      method,
      similarity,
      person: known === undefined ? null : { code: known.code, name: displayName(known.name) },
      proof,
    };
  };

  /** Whom a record is of, when they were enrolled here: by our code, else by the platform's own id of them. */
  const personOf = ({ code, personId, kind }: RecognitionRecord, ids: () => ReadonlyMap<string, string>) => {
    if (kind === 'stranger') return null;
    if (code !== null) return records.personRef(code);
    return personId === null ? null : (ids().get(personId) ?? null);
  };

  /** Null where a record was told before, or is too old to be kept, and proves nothing. */
  const newsOf = (
    platform: string,
    record: RecognitionRecord,
    skewMs: number | null,
    ids: () => ReadonlyMap<string, string>,
  ): News | null => {
    const known = passes.find(platform, record.id) !== null;
    const fresh = !known && isKept(record.at, now(), keepMs, passes.droppedUntil(platform));
    const person = known && record.code === null ? null : personOf(record, ids);
    const awaited = person === null ? null : passes.provable(person, platform);
    const provable = awaited !== null && proves(record, awaited.deliveredAt, skewMs) ? awaited : null;
    return fresh || provable !== null ? { record, person, fresh, provable } : null;
  };

  const write = (platform: string, { record, person, fresh, provable }: News) => {
    // Another process, or a record before this one, may have been first.
    const before = passes.find(platform, record.id);
    const pass = before ?? (fresh ? passes.insert(platform, record, person) : null);
    const { at, place: gate, similarity } = record;
    const first = provable && { delivery: provable.delivery, gate, at, similarity };
    if (first === null || provable === null || person === null || !passes.prove(first, pass))
      return { pass, told: before === null && pass !== null, proof: null };
    const subject = records.ofPerson(person)[0]?.person.code ?? null;
    const { enrolment } = provable;
    const detail = { enrolment, similarity };
    audit.append({ actor: 'outbox', action: 'proven', subject, platform, outcome: 'done', detail }, now());
    return { pass, told: pass !== null, proof: { ...first, enrolment, platform } satisfies GateProof };
  };

  return {
    /** What is kept, newest first. */
    list: (limit: number): GatePass[] => passes.list(limit).map(view),

    /**
     * Takes records as a platform told them, by whatever way, all or none of them.
     * @param skewMs the platform's clock minus ours, null where it is not known
     * @param cursor up to where the platform's list was read with them; null when they came otherwise, or it was read to there before
     * @returns how many passes were news
     */
    take(
      platform: string,
      told: readonly RecognitionRecord[],
      { skewMs, cursor = null }: { skewMs: number | null; cursor?: number | null },
    ): number {
      // Opens some hundred deliveries: once, and only where somebody is told by the platform's own id.
      let known: ReadonlyMap<string, string> | null = null;
      const ids = () => {
        known ??= deliveries.peopleByTheirIds(platform);
        return known;
      };
      const news = told.map((record) => newsOf(platform, record, skewMs, ids)).filter((one) => one !== null);
      // Asked every few seconds, mostly in vain: no lock for that.
      if (news.length === 0 && cursor === null) return 0;
      const written = journal.transaction(() => {
        if (cursor !== null) passes.setCursor(platform, cursor, now());
        return news.map((one) => write(platform, one));
      });
      for (const { pass, told: isTold, proof } of written) {
        const row = isTold && pass !== null ? passes.get(pass) : null;
        if (row !== null) passed(view(row));
        if (proof !== null) proven(proof);
      }
      return news.filter(({ fresh }) => fresh).length;
    },
  };
}
