import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '#shared/person';
import { displayName } from '#shared/person';
import type { PlatformPass } from '#shared/visits';
import { bridge } from '../bridge.ts';
import { formatDay, formatWhen } from '../lib/format.ts';
import { lasts } from '../lib/pass-lasts.ts';
import { qrCode } from '../lib/qr-code.ts';
import { usePictureUrl } from '../lib/use-picture-url.ts';
import { BadgeSheet } from './badge.tsx';
import styles from './badge-dialog.module.css';
import { Button, Spinner } from './button.tsx';
import dialog from './dialog.module.css';
import { Icon } from './icons.tsx';

/** Whose badge it is. */
export interface BadgeOwner {
  person: Person;
  enrolment: string | null;
  /** The visit, to ask the station for a picture by; null where `photoUrl` is all there is. */
  visit: string | null;
  photoUrl: string | null;
  from: number;
  to: number;
}

interface BadgeParts {
  pass: PlatformPass | null;
  picture: Uint8Array<ArrayBuffer> | null;
  /** The host's name, where they are known here by the code that was typed. */
  host: string | null;
}

/** What the badge needs from the station; null until it has answered. What cannot be had is left out of the badge. */
function useBadgeParts({ person, enrolment, visit, photoUrl, to }: BadgeOwner) {
  const [parts, setParts] = useState<BadgeParts | null>(null);
  const host = person.visit?.host ?? '';
  useEffect(() => {
    let gone = false;
    const passes = enrolment === null ? [] : bridge.call('visits.passes', { enrolment }).catch(() => []);
    const picture =
      visit === null || photoUrl !== null
        ? { picture: null }
        : bridge.call('visits.picture', { id: visit }).catch(() => ({ picture: null }));
    const hosts = host === '' ? [] : bridge.call('visits.hosts', { query: host }).catch(() => []);
    void Promise.all([passes, picture, hosts]).then(([given, shown, staff]) => {
      const pass = given.find((one) => lasts(one, to)) ?? null;
      const name = staff.find(({ code }) => code === host)?.name ?? null;
      if (!gone) setParts({ pass, picture: shown.picture, host: name });
    });
    return () => {
      gone = true;
    };
  }, [enrolment, visit, photoUrl, host, to]);
  return parts;
}

/** A visitor's badge: shown as it will be printed. The browser's own dialog prints it or makes a PDF of it. */
export function BadgeDialog({ owner, onClose }: { owner: BadgeOwner; onClose(): void }) {
  const { t } = useTranslation('common');
  const { t: words } = useTranslation('visits');
  const print = useRef<HTMLButtonElement>(null);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={dialog.popup} initialFocus={print} data-testid="badge">
          <div className={dialog.head}>
            <Dialog.Title className={dialog.title}>{words('badge.title')}</Dialog.Title>
            <Dialog.Close className={dialog.close} aria-label={t('close')}>
              <Icon name="cross" />
            </Dialog.Close>
          </div>
          <Dialog.Description className={dialog.text}>{words('badge.help')}</Dialog.Description>
          <BadgePreview owner={owner} />
          <div className={dialog.buttons}>
            <Button ref={print} variant="primary" icon="printer" data-testid="print" onClick={() => window.print()}>
              {words('badge.print')}
            </Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function BadgePreview({ owner }: { owner: BadgeOwner }) {
  const { t, i18n } = useTranslation('visits');
  const parts = useBadgeParts(owner);
  const picture = usePictureUrl(parts?.picture ?? null);
  const drawn = usePictureUrl(parts?.pass?.image ?? null);
  const { person, from, to, photoUrl } = owner;
  const language = i18n.language;
  const text = parts?.pass?.text ?? person.code;
  const content = useMemo(
    () => ({
      kind: t('badge.kind'),
      day: formatDay(from, language),
      photo: photoUrl ?? picture,
      photoAlt: t('badge.photoAlt'),
      name: displayName(person.name),
      company: person.visit?.company ?? null,
      hostLabel: t('badge.host'),
      host: parts?.host ?? person.visit?.host ?? null,
      validLabel: t('badge.valid'),
      valid: t('badge.until', { time: formatWhen(to, from, language) }),
      qr: drawn ?? qrCode(text),
      qrAlt: t('badge.qrAlt'),
      code: person.code,
    }),
    [t, from, to, language, photoUrl, picture, person, parts?.host, drawn, text],
  );
  if (!parts) return <Spinner />;
  return (
    <div className={styles.preview}>
      <BadgeSheet content={content} />
    </div>
  );
}
