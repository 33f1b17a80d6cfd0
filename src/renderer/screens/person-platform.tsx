import type { PlatformView } from '#shared/contract';
import type { Fault } from '#shared/fault';
import type { Standing as PersonStanding } from '#shared/people';
import { Button } from '../components/button.tsx';
import { GateProofLine } from '../components/gate-proof.tsx';
import { Icon, type IconName } from '../components/icons.tsx';
import { DeliveryItem, PlatformItem } from '../components/list.tsx';
import { Warnings } from '../components/warnings.tsx';
import { useTranslation } from '../i18n/index.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { formatWhen } from '../lib/format.ts';
import { currentDelivery, useDeliveries } from '../stores/deliveries.ts';
import type { Verified } from '../stores/people.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import styles from './person.module.css';
import { DoorWords, ErrorWords, Facts } from './receipt.tsx';

/** How a person stands on one platform, by the newest delivery there. */
export function Standing({
  standing,
  verified,
  onRemove,
}: {
  standing: PersonStanding;
  verified: Verified | null;
  onRemove(): void;
}) {
  const { t, i18n } = useTranslation('people');
  const platform = useStation((state) => state.platforms.find((one) => one.id === standing.platform) ?? null);
  const latest = useDeliveries((state) => state.latest);
  const { refresh } = useDeliveries.getState();
  const show = useSession((state) => state.showEnrolment);
  const delivery = currentDelivery(standing, latest);

  async function open(): Promise<void> {
    // Where the station does not answer, the banner says so and this page stays.
    const view = await refresh(standing.enrolment).catch(() => null);
    if (view) show(view);
  }

  return (
    <DeliveryItem testId={`standing-${standing.platform}`} delivery={delivery} platform={platform}>
      <Facts delivery={delivery} platform={platform} />
      <p className={styles.faint}>{t('changed', { when: formatWhen(delivery.updatedAt, Date.now(), i18n.locale) })}</p>
      {!standing.configured && <p className={styles.faint}>{t('notConfigured')}</p>}
      <DoorWords delivery={delivery} />
      <GateProofLine delivery={delivery.id} />
      {delivery.error && <ErrorWords fault={delivery.error} platform={platform} />}
      <Warnings of={delivery.warnings} />
      {verified && <VerifiedWords verified={verified} platform={platform} />}
      <div className={styles.itemButtons}>
        <Button variant="quiet" icon="chevron-right" data-testid="open-receipts" onClick={() => void open()}>
          {t('receipts')}
        </Button>
        {standing.configured && (
          <Button variant="quiet" icon="trash" data-testid="remove-here" onClick={onRemove}>
            {t('remove.here')}
          </Button>
        )}
      </div>
    </DeliveryItem>
  );
}

/** A platform the person is not on, and the way there. */
export function Missing({
  platform,
  able,
  photoStored,
  verified,
  busy,
  fault,
  onEnrol,
  onNewPhoto,
  onComplete,
}: {
  platform: PlatformView;
  able: boolean;
  photoStored: boolean;
  verified: Verified | null;
  busy: boolean;
  fault: Fault | null;
  onEnrol(): void;
  onNewPhoto(): void;
  onComplete(): void;
}) {
  const { t } = useTranslation('people');
  const photoGone = fault?.code === 'photo-gone';
  return (
    <PlatformItem
      testId={`standing-${platform.id}`}
      state="none"
      tone="info"
      mark={
        <span className={styles.none}>
          <Icon name="person" />
        </span>
      }
      title={platform.title}
      word={<p className={styles.faint}>{t('notHere')}</p>}
    >
      <p className={styles.faint}>{able ? platform.host : t('details:noVisitors')}</p>
      {verified && <VerifiedWords verified={verified} platform={platform} />}
      {fault && <ErrorWords fault={fault} platform={platform} />}
      {able && (
        <div className={styles.buttons}>
          {photoGone ? (
            <Button icon="camera" data-testid="new-photo" onClick={onNewPhoto}>
              {t('reenrol')}
            </Button>
          ) : (
            <Button icon={photoStored ? 'send' : 'camera'} busy={busy} data-testid="enrol-here" onClick={onEnrol}>
              {photoStored ? t('enrolHere') : t('enrolHereNew')}
            </Button>
          )}
          {fault?.kind === 'validation' && !photoGone && (
            <Button icon="person" data-testid="complete" onClick={onComplete}>
              {t('complete')}
            </Button>
          )}
        </div>
      )}
    </PlatformItem>
  );
}

/** What a platform said when it was asked just now: person, photo and doors, each in words. */
function VerifiedWords({ verified, platform }: { verified: Verified; platform: PlatformView | null }) {
  const { t } = useTranslation('people');
  const wordsOf = useFaultWords();
  const { person, photo, access, detail, fault } = verified;
  if (fault) {
    // Nobody tries this again by itself: what the outbox would do about such a fault is not said.
    const words = wordsOf(fault, platform);
    return (
      <div className={styles.verified} data-testid="verified" data-outcome="unknown" role="status">
        <p className={styles.verifiedTitle}>
          {t('common:labelled', { label: t('verified.unknown'), text: words.meaning ?? words.title })}
        </p>
        <p className={styles.small}>
          <code>{fault.code}</code> {fault.message}
        </p>
      </div>
    );
  }
  const found: { text: string; icon: IconName; tone: 'good' | 'wait' | 'bad' }[] = [
    person
      ? { text: t('verified.person'), icon: 'check', tone: 'good' }
      : { text: t('verified.nobody'), icon: 'cross', tone: 'bad' },
  ];
  if (person && photo !== null)
    found.push(
      photo
        ? { text: t('verified.photo'), icon: 'check', tone: 'good' }
        : { text: t('verified.noPhoto'), icon: 'cross', tone: 'bad' },
    );
  if (person && access !== null)
    found.push({
      text: t(`verified.access.${access}`),
      icon: access === 'applied' ? 'check' : access === 'failed' ? 'cross' : 'door',
      tone: access === 'applied' ? 'good' : access === 'failed' ? 'bad' : 'wait',
    });
  const outcome = found.every(({ tone }) => tone === 'good') ? 'whole' : 'partly';
  return (
    <div className={styles.verified} data-testid="verified" data-outcome={outcome} role="status">
      <p className={styles.verifiedTitle}>{t('verified.title')}</p>
      <ul className={styles.checks}>
        {found.map(({ text, icon, tone }) => (
          <li key={text} data-tone={tone}>
            <Icon name={icon} />
            <span>{text}</span>
          </li>
        ))}
      </ul>
      {detail && <p className={styles.small}>{detail}</p>}
    </div>
  );
}
