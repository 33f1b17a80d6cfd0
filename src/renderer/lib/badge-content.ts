import { displayName, type Person } from '#shared/person';
import type { PlatformPass } from '#shared/visits';
import type { Translate } from '../i18n/index.ts';
import { formatDay, formatWhen } from './format.ts';
import { onBadge } from './pass-lasts.ts';
import { qrCode } from './qr-code.ts';

/** One code on a badge. */
export interface BadgeCode {
  /** Address of its picture. */
  qr: string;
  /** What it shows, for whoever cannot see it. */
  qrAlt: string;
  /** Whose doors it opens; of the visitor's own, that more codes are to be had at the desk; null where there is nothing to say. */
  label: string | null;
  /** What can be typed in its place. */
  text: string | null;
}

/** What a badge shows, by the slots of its template (resources/badge.html). What is null is left out. */
export type BadgeContent = Record<
  'kind' | 'day' | 'name' | 'company' | 'hostLabel' | 'host' | 'validLabel' | 'valid',
  string | null
> & {
  /** Address of the picture. */
  photo: string | null;
  photoAlt: string;
  codes: BadgeCode[];
};

/** Whose badge it is, and until when it is good. */
export interface BadgeOwner {
  person: Person;
  enrolment: string | null;
  /** The visit, to ask the station for a picture by; null where `photoUrl` is all there is. */
  visit: string | null;
  photoUrl: string | null;
  from: number;
  to: number;
}

/** The codes of a badge: every pass that is still good when the visit ends, then the visitor's own for the desk, where the others are got. */
export function badgeCodes(
  { person, to }: Pick<BadgeOwner, 'person' | 'to'>,
  passes: readonly (PlatformPass & { drawn: string | null })[],
  words: { title(platform: string): string; t: Translate<'visits'> },
): BadgeCode[] {
  const { printed, left } = onBadge(passes, to);
  const doors = printed.flatMap(({ platform, text, drawn, pin }): BadgeCode[] => {
    const qr = text === null ? drawn : qrCode(text);
    const label = words.title(platform);
    return qr === null ? [] : [{ qr, qrAlt: words.t('badge.doorAlt', { platform: label }), label, text: pin }];
  });
  const label = left.length > 0 ? words.t('badge.atDesk') : null;
  const own = { qr: qrCode(person.code), qrAlt: words.t('badge.qrAlt'), label, text: person.code };
  return [...doors, own];
}

/** The words of a badge in the language of the desk. */
export function badgeContent(
  { person, from, to }: BadgeOwner,
  parts: { photo: string | null; host: string | null; codes: BadgeCode[] },
  t: Translate<'visits'>,
  language: string,
): BadgeContent {
  return {
    kind: t('badge.kind'),
    day: formatDay(from, language),
    photo: parts.photo,
    photoAlt: t('badge.photoAlt'),
    name: displayName(person.name),
    company: person.visit?.company ?? null,
    hostLabel: t('badge.host'),
    host: parts.host ?? person.visit?.host ?? null,
    validLabel: t('badge.valid'),
    valid: t('badge.until', { time: formatWhen(to, from, language) }),
    codes: parts.codes,
  };
}
