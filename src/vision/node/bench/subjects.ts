import { isAltered } from './alterations.ts';
import type { Label } from './labels.ts';

/** Whom a picture shows, as far as the labels tell. */
export interface Subject {
  /** The same for every picture of one person; null where the labels do not tell. */
  person: string | null;
  /** The unaltered picture that the person's altered ones were made from. */
  base: Label | null;
  /** The `eth=` of the notes; an altered picture has that of its base. */
  group: string | null;
}

/**
 * Whom each picture shows. Notes name a base by `id=ID`; a picture is that person's when its notes have the same id, or its file's name begins
 * with it in the same folder (`025_black_blur.jpg`). Where a source's notes say "same man" all its pictures are one person's.
 */
export function subjectsOf(labels: readonly Label[]): Map<Label, Subject> {
  const declared = new Set(labels.flatMap((label) => ownId(label) ?? []));
  const persons = new Map(labels.map((label) => [label, personOf(label, declared)] as const));
  const members = Map.groupBy(labels, (label) => persons.get(label) ?? null);
  const bases = new Map(
    [...members].map(([person, of]) => [
      person,
      of.find((label) => ownId(label) !== null && label.expectedVerdict === 'pass' && !isAltered(label)) ?? null,
    ]),
  );
  const groups = new Map(
    [...members].map(([person, of]) => [person, of.map(ethnicity).find((group) => group) ?? null]),
  );
  return new Map(
    labels.map((label): [Label, Subject] => {
      const person = persons.get(label) ?? null;
      const [base, group] = person === null ? [] : [bases.get(person), groups.get(person)];
      return [label, { person, base: base ?? null, group: ethnicity(label) ?? group ?? null }];
    }),
  );
}

function personOf(label: Label, declared: ReadonlySet<string>): string | null {
  const own = ownId(label);
  if (own) return own;
  const [folder, name] = split(label.file);
  // The longest id wins: 1 and 1_a may both be there.
  for (let end = name.length; end > 0; end--) {
    const id = `${folder}/${name.slice(0, end)}`;
    if (/[_.-]/.test(name[end] ?? '.') && declared.has(id)) return id;
  }
  return /\bsame (man|woman|person)\b/i.test(label.notes) ? `source ${label.source}` : null;
}

function ownId(label: Label): string | null {
  const id = note(label, 'id');
  return id === null ? null : `${split(label.file)[0]}/${id}`;
}

function ethnicity(label: Label): string | null {
  return note(label, 'eth');
}

function note({ notes }: Label, key: string): string | null {
  return new RegExp(`(?:^|[\\s;,])${key}=([^\\s;,]+)`, 'i').exec(notes)?.[1] ?? null;
}

function split(file: string): [folder: string, name: string] {
  const at = file.lastIndexOf('/');
  return [file.slice(0, Math.max(0, at)), file.slice(at + 1)];
}
