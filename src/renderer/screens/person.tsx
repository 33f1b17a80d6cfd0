import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Fault } from '#shared/fault';
import type { PersonDetail } from '#shared/people';
import { Button, Spinner } from '../components/button.tsx';
import { Icon } from '../components/icons.tsx';
import { List } from '../components/list.tsx';
import { Problem } from '../components/problem.tsx';
import { Notice, ScreenHeading } from '../components/screen.tsx';
import { useTranslation } from '../i18n/index.ts';
import { faultOf } from '../lib/fault.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { formatWhen } from '../lib/format.ts';
import { useInView } from '../lib/in-view.ts';
import { takesKind } from '../lib/person-draft.ts';
import { fileNamePart, saveText } from '../lib/save-text.ts';
import { useGates } from '../stores/gates.ts';
import { usePeople } from '../stores/people.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import styles from './person.module.css';
import { History } from './person-history.tsx';
import { Missing, Standing } from './person-platform.tsx';
import { RemoveDialog } from './person-remove.tsx';
import { Gone, Leaving, RemovedNotice } from './person-removed.tsx';

/** One person: how they stand on each platform, and what can be done about it. */
export function PersonPage() {
  const { t } = useTranslation('people');
  const shown = usePeople((state) => state.shown);
  const { refresh } = usePeople(useShallow(({ refresh }) => ({ refresh })));
  const go = useSession((state) => state.go);
  const words = useFaultWords();

  useEffect(() => {
    // Somebody who comes back from receipts or settings sees what became of it.
    if (usePeople.getState().shown?.person) void refresh();
  }, [refresh]);

  const back = (
    <Button variant="quiet" icon="arrow-left" data-testid="back" onClick={() => go('people')}>
      {t('backToList')}
    </Button>
  );
  if (!shown) return <div className={styles.back}>{back}</div>;
  if (shown.removed?.receipt.local === 'erased') return <Gone removed={shown.removed} />;
  if (shown.person) return <Page key={shown.code} person={shown.person} />;
  if (shown.fault)
    return (
      <Problem
        name={shown.fault.code}
        icon="alert"
        title={words(shown.fault).title}
        help={words(shown.fault).help}
        detail={shown.fault.message}
      >
        <Button variant="primary" icon="refresh" onClick={() => void refresh()}>
          {t('common:retry')}
        </Button>
        {back}
      </Problem>
    );
  return (
    <section className={styles.page} aria-busy="true">
      <div className={styles.back}>{back}</div>
      <div className={styles.loading}>
        <Spinner />
        <p role="status">{t('loading')}</p>
      </div>
    </section>
  );
}

function Page({ person }: { person: PersonDetail }) {
  const { t, i18n } = useTranslation('people');
  const { shown, verify, exportAll } = usePeople(
    useShallow((state) => ({ shown: state.shown, verify: state.verify, exportAll: state.export })),
  );
  const { go, reenrol, deliverStored } = useSession(
    useShallow(({ go, reenrol, deliverStored }) => ({ go, reenrol, deliverStored })),
  );
  const platforms = useStation((state) => state.platforms);
  const loadProofs = useGates((state) => state.loadProofs);
  useEffect(() => void loadProofs(person.code), [loadProofs, person.code]);
  const [removing, setRemoving] = useState<string[] | null>(null);
  /** The platform somebody is to be enrolled on with the stored picture, and why that failed. */
  const [sending, setSending] = useState<{ platform: string; fault: Fault | null } | null>(null);
  const now = Date.now();

  const there = person.platforms.filter((standing) => standing.configured);
  const missing = platforms.filter((platform) => !person.platforms.some((one) => one.platform === platform.id));
  const ables = platforms.filter((platform) => takesKind(platform, person.kind)).map((platform) => platform.id);
  const enrolled = there.filter(({ state }) => state !== 'abandoned').map(({ platform }) => platform);
  const again = enrolled.length > 0 ? enrolled : ables;

  async function enrolHere(platform: string): Promise<void> {
    if (sending && !sending.fault) return;
    if (!person.photoStored) return reenrol(person.person, person.name, [platform]);
    setSending({ platform, fault: null });
    try {
      await deliverStored(person.person, person.name, [platform]);
    } catch (error) {
      setSending({ platform, fault: faultOf(error) });
    }
  }

  async function download(): Promise<void> {
    const json = await exportAll();
    if (json !== null) saveText(`vestibule-${fileNamePart(person.code)}.json`, 'application/json', json);
  }

  return (
    <section className={styles.page} data-testid="person">
      <div className={styles.back}>
        <Button variant="quiet" icon="arrow-left" data-testid="back" onClick={() => go('people')}>
          {t('backToList')}
        </Button>
      </div>
      <div className={styles.head}>
        <div className={styles.who}>
          <span className={styles.sign}>
            <Icon name="person" size="l" />
          </span>
          <div>
            <ScreenHeading>{person.name}</ScreenHeading>
            <p className={styles.faint}>
              {person.code} · {t(`details:${person.kind}`)} ·{' '}
              {t('enrolledAt', { when: formatWhen(person.enrolledAt, now, i18n.locale) })}
            </p>
          </div>
        </div>
        <div className={styles.actions}>
          <Button
            variant="primary"
            icon="camera"
            data-testid="reenrol"
            disabled={again.length === 0}
            onClick={() => reenrol(person.person, person.name, again)}
          >
            {t('reenrol')}
          </Button>
          <Button
            icon="check-double"
            busy={shown?.busy === 'verify'}
            data-testid="verify"
            onClick={() => void verify()}
          >
            {shown?.busy === 'verify' ? t('verifying') : t('verify')}
          </Button>
        </div>
      </div>
      {shown?.actionFault && <ActionFault fault={shown.actionFault} />}
      {shown?.removed && <RemovedNotice removed={shown.removed} />}
      {!shown?.removed && person.removing.length > 0 && <Leaving from={person.removing} />}
      <List>
        {person.platforms.map((standing) => (
          <Standing
            key={standing.platform}
            standing={standing}
            verified={shown?.verified[standing.platform] ?? null}
            onRemove={() => setRemoving([standing.platform])}
          />
        ))}
        {missing.map((platform) => (
          <Missing
            key={platform.id}
            platform={platform}
            able={takesKind(platform, person.kind)}
            photoStored={person.photoStored}
            verified={shown?.verified[platform.id] ?? null}
            busy={sending?.platform === platform.id && sending.fault === null}
            fault={sending?.platform === platform.id ? sending.fault : null}
            onEnrol={() => void enrolHere(platform.id)}
            onNewPhoto={() => reenrol(person.person, person.name, [platform.id])}
            onComplete={() => go('details')}
          />
        ))}
      </List>
      <History person={person} />
      <section className={styles.kept} aria-labelledby="kept">
        <h2 id="kept">{t('keptTitle')}</h2>
        <p className={styles.faint} data-testid="kept">
          {t(person.photoStored ? 'photoStored' : 'photoGone')}{' '}
          {person.consent
            ? t('consent', {
                version: person.consent.version,
                when: formatWhen(person.consent.at, now, i18n.locale),
              })
            : ''}
        </p>
        <div className={styles.buttons}>
          <Button icon="download" busy={shown?.busy === 'export'} data-testid="export" onClick={() => void download()}>
            {t('export')}
          </Button>
          <Button
            variant="quiet"
            icon="trash"
            data-testid="remove"
            onClick={() => setRemoving((there.length > 0 ? there.map((one) => one.platform) : ables).slice())}
          >
            {t('remove.action')}
          </Button>
        </div>
      </section>
      {removing && (
        <RemoveDialog person={person} first={removing} platforms={platforms} onClose={() => setRemoving(null)} />
      )}
    </section>
  );
}

function ActionFault({ fault }: { fault: Fault }) {
  const words = useFaultWords()(fault);
  return (
    <div ref={useInView(fault)} data-testid="problem" data-problem={fault.code}>
      <Notice tone="bad" live title={words.title}>
        <p>{words.help}</p>
        <p className={styles.small}>{fault.message}</p>
      </Notice>
    </div>
  );
}
