import { useCallback, useEffect, useState } from 'react';
import type { EnrolmentView } from '#shared/contract';
import { isSuccess } from '#shared/delivery';
import type { Fault } from '#shared/fault';
import type { Person } from '#shared/person';
import { defaultWindow, type PlatformPass } from '#shared/visits';
import { bridge } from '../bridge.ts';
import { BadgeDialog } from '../components/badge-dialog.tsx';
import { Button, Spinner } from '../components/button.tsx';
import { Notice } from '../components/screen.tsx';
import { useTranslation } from '../i18n/index.ts';
import type { BadgeOwner } from '../lib/badge-content.ts';
import { faultOf } from '../lib/fault.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { formatWhen } from '../lib/format.ts';
import { endsEarly, renewIn } from '../lib/pass-lasts.ts';
import { qrCode } from '../lib/qr-code.ts';
import { usePictureUrl } from '../lib/use-picture-url.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import styles from './receipts-pass.module.css';

type Asked = { passes: PlatformPass[] } | { fault: Fault } | null;

/** A visitor's passes, once platforms that give some have them, and (at a desk, which may print) the badge. */
export function VisitorPasses({ view, badges = true }: { view: EnrolmentView; badges?: boolean }) {
  const { t } = useTranslation('visits');
  const words = useFaultWords();
  const platforms = useStation((state) => state.platforms);
  const workdayEnds = useStation((state) => state.settings.workdayEnds);
  const person = useSession((state) => (state.ownDraft ? (state.known?.person ?? null) : null));
  const photoUrl = useSession(({ photo }) => (photo.status === 'checked' ? photo.previewUrl : null));
  const [asked, setAsked] = useState<Asked>(null);
  const [badge, setBadge] = useState(false);
  // Asked again whenever one more platform has them.
  const taken = view.deliveries
    .filter(({ state, platform }) => isSuccess(state) && gives(platforms, platform))
    .map(({ platform }) => platform)
    .join(' ');

  const ask = useCallback(() => {
    bridge.call('visits.passes', { enrolment: view.id }).then(
      (passes) => setAsked({ passes }),
      (error: unknown) => setAsked({ fault: faultOf(error) }),
    );
  }, [view.id]);
  useEffect(() => {
    if (taken !== '') ask();
  }, [taken, ask]);
  // Some codes last minutes: what is shown is renewed when it has expired, for as long as somebody may be looking at it.
  useEffect(() => {
    const wait = asked && 'passes' in asked ? renewIn(asked.passes, Date.now()) : null;
    if (wait === null) return;
    const timer = setTimeout(ask, wait);
    return () => clearTimeout(timer);
  }, [asked, ask]);
  const owner = person && ownerOf(person, view, photoUrl, workdayEnds);

  return (
    <div className={styles.passes} data-testid="passes" aria-live="polite">
      {taken !== '' && !asked && <Spinner />}
      {asked && 'fault' in asked && (
        <Notice tone="wait" title={words(asked.fault).title}>
          <p>{words(asked.fault).help}</p>
        </Notice>
      )}
      {asked && 'passes' in asked && (
        <ul className={styles.list}>
          {asked.passes.map((pass) => (
            <PassCard key={pass.platform} pass={pass} early={owner !== null && endsEarly(pass, owner.to)} />
          ))}
        </ul>
      )}
      <div className={styles.actions}>
        {taken !== '' && (
          <Button
            icon="refresh"
            busy={!asked}
            data-testid="pass-again"
            onClick={() => {
              setAsked(null);
              ask();
            }}
          >
            {t('pass.again')}
          </Button>
        )}
        {person && badges && (
          <Button icon="printer" data-testid="open-badge" onClick={() => setBadge(true)}>
            {t('badge.open')}
          </Button>
        )}
      </div>
      {badge && owner && <BadgeDialog owner={owner} onClose={() => setBadge(false)} />}
    </div>
  );
}

const gives = (platforms: readonly { id: string; capabilities: string[] }[], platform: string): boolean =>
  platforms.some(({ id, capabilities }) => id === platform && capabilities.includes('pass'));

function ownerOf(person: Person, view: EnrolmentView, photoUrl: string | null, workdayEnds: string): BadgeOwner {
  const { from, to } = person.visit ?? {};
  const begin = from ? Date.parse(from) : view.createdAt;
  const end = to ? Date.parse(to) : defaultWindow(begin, workdayEnds).to;
  return { person, enrolment: view.id, visit: null, photoUrl, from: begin, to: end };
}

function PassCard({ pass, early }: { pass: PlatformPass; early: boolean }) {
  const { t, i18n } = useTranslation('visits');
  const words = useFaultWords();
  const title = useStation((state) => state.platforms.find(({ id }) => id === pass.platform)?.title ?? pass.platform);
  const picture = usePictureUrl(pass.image);
  const src = pass.text === null ? picture : qrCode(pass.text);
  return (
    <li className={styles.pass} data-testid={`pass-${pass.platform}`} data-pass={pass.fault ? 'fault' : 'shown'}>
      <p className={styles.where}>{title}</p>
      {src && <img className={styles.code} src={src} alt={t('pass.qrAlt')} />}
      {pass.pin && (
        <p>
          <span className={styles.hint}>{t('pass.pin')}</span> <span className={styles.pin}>{pass.pin}</span>
        </p>
      )}
      {pass.fault ? (
        <p className={styles.hint}>{words(pass.fault).title}</p>
      ) : (
        <p className={styles.hint}>
          {pass.validTo === null
            ? t('pass.help')
            : t('pass.until', { time: formatWhen(pass.validTo, Date.now(), i18n.locale) })}
        </p>
      )}
      {early && <p className={styles.hint}>{t('pass.early')}</p>}
    </li>
  );
}
