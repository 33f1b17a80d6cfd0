import { useEffect, useMemo, useRef, useState } from 'react';
import type { PlatformPass } from '#shared/visits';
import { bridge } from '../bridge.ts';
import { useTranslation } from '../i18n/index.ts';
import { type BadgeContent, type BadgeOwner, badgeCodes, badgeContent } from '../lib/badge-content.ts';
import { badgePdf } from '../lib/badge-pdf.ts';
import { formatWhen } from '../lib/format.ts';
import { type LeftOff, onBadge } from '../lib/pass-lasts.ts';
import { fileNamePart, saveText } from '../lib/save-text.ts';
import { usePictureUrl } from '../lib/use-picture-url.ts';
import { useStation } from '../stores/station.ts';
import { BadgeSheet } from './badge.tsx';
import styles from './badge-dialog.module.css';
import { Button, Spinner } from './button.tsx';
import dialog from './dialog.module.css';
import { Modal } from './modal.tsx';
import { Notice } from './screen.tsx';

type DrawnPass = PlatformPass & { drawn: string | null };

interface BadgeParts {
  passes: DrawnPass[];
  picture: Uint8Array<ArrayBuffer> | null;
  /** The host's name, where the code that was typed is known. */
  host: string | null;
}

/** What the badge needs from the station; null until it has answered. What cannot be had is left out of the badge. */
function useBadgeParts({ person, enrolment, visit, photoUrl }: BadgeOwner) {
  const [parts, setParts] = useState<BadgeParts | null>(null);
  const host = person.visit?.host ?? '';
  useEffect(() => {
    let gone = false;
    const drawn: string[] = [];
    const draw = (image: Uint8Array<ArrayBuffer> | null): string | null => {
      if (image === null) return null;
      const url = URL.createObjectURL(new Blob([image]));
      drawn.push(url);
      return url;
    };
    const passes = enrolment === null ? [] : bridge.call('visits.passes', { enrolment }).catch(() => []);
    const picture =
      visit === null || photoUrl !== null
        ? { picture: null }
        : bridge.call('visits.picture', { id: visit }).catch(() => ({ picture: null }));
    const hosts = host === '' ? [] : bridge.call('visits.hosts', { query: host }).catch(() => []);
    void Promise.all([passes, picture, hosts]).then(([given, shown, staff]) => {
      if (gone) return;
      const name = staff.find(({ code }) => code === host)?.name ?? null;
      setParts({
        passes: given.map((pass) => ({ ...pass, drawn: draw(pass.image) })),
        picture: shown.picture,
        host: name,
      });
    });
    return () => {
      gone = true;
      for (const url of drawn) URL.revokeObjectURL(url);
    };
  }, [enrolment, visit, photoUrl, host]);
  return parts;
}

/** The badge's content, and what is not on it; null while the station is asked. */
function useBadgeContent(owner: BadgeOwner): { content: BadgeContent; left: LeftOff[] } | null {
  const { t, i18n } = useTranslation('visits');
  const parts = useBadgeParts(owner);
  const picture = usePictureUrl(parts?.picture ?? null);
  const platforms = useStation((state) => state.platforms);
  const language = i18n.locale;
  return useMemo(() => {
    if (parts === null) return null;
    const title = (id: string) => platforms.find((one) => one.id === id)?.title ?? id;
    const codes = badgeCodes(owner, parts.passes, { title, t });
    const content = badgeContent(owner, { photo: owner.photoUrl ?? picture, host: parts.host, codes }, t, language);
    return { content, left: onBadge(parts.passes, owner.to).left };
  }, [owner, parts, picture, platforms, t, language]);
}

/** A visitor's badge: shown as it will be printed, by the browser's own dialog, or kept as a PDF of the badge's size. */
export function BadgeDialog({ owner, onClose }: { owner: BadgeOwner; onClose(): void }) {
  const { t: words } = useTranslation('visits');
  const print = useRef<HTMLButtonElement>(null);
  const made = useBadgeContent(owner);
  const content = made?.content;
  const [pdf, setPdf] = useState<'idle' | 'busy' | 'failed'>('idle');

  async function keep(shown: BadgeContent): Promise<void> {
    setPdf('busy');
    try {
      saveText(`badge-${fileNamePart(owner.person.code)}.pdf`, 'application/pdf', await badgePdf(shown));
      setPdf('idle');
    } catch {
      setPdf('failed');
    }
  }

  return (
    <Modal
      title={words('badge.title')}
      description={words('badge.help')}
      initialFocus={print}
      data-testid="badge"
      onClose={onClose}
    >
      {content ? (
        <div className={styles.preview}>
          <BadgeSheet content={content} />
        </div>
      ) : (
        <Spinner />
      )}
      {made && made.left.length > 0 && <NotPrinted left={made.left} />}
      {pdf === 'failed' && (
        <Notice tone="bad" live title={words('badge.noPdf')}>
          <p>{words('badge.noPdfHelp')}</p>
        </Notice>
      )}
      <div className={dialog.buttons} data-stay>
        <Button
          icon="arrow-down"
          busy={pdf === 'busy' || !content}
          data-testid="badge-pdf"
          onClick={() => content && void keep(content)}
        >
          {words('badge.pdf')}
        </Button>
        <Button ref={print} variant="primary" icon="printer" data-testid="print" onClick={() => window.print()}>
          {words('badge.print')}
        </Button>
      </div>
    </Modal>
  );
}

/** Which doors' codes are not on the badge, and why: the badge itself says that they are got at the desk. */
function NotPrinted({ left }: { left: readonly LeftOff[] }) {
  const { t, i18n } = useTranslation('visits');
  const platforms = useStation((state) => state.platforms);
  return (
    <div data-testid="badge-left">
      <Notice tone="wait" title={t('badge.left')}>
        {left.map((one) => {
          const platform = platforms.find(({ id }) => id === one.platform)?.title ?? one.platform;
          return (
            <p key={one.platform}>
              {one.why === 'early'
                ? t('badge.early', { platform, time: formatWhen(one.until, Date.now(), i18n.locale) })
                : t(`badge.${one.why}`, { platform })}
            </p>
          );
        })}
      </Notice>
    </div>
  );
}
