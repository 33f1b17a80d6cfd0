import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { GateDoors } from '#shared/gates';
import { Button, Spinner } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Icon } from '../../components/icons.tsx';
import { Notice } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useFaultWords } from '../../lib/fault-words.ts';
import { formatDuration } from '../../lib/format.ts';
import { type DoorAct, useGates } from '../../stores/gates.ts';
import { useStation } from '../../stores/station.ts';
import styles from './gates.module.css';

type Door = GateDoors['doors'][number];

/** A difference below this is within what the journey of an answer takes. */
const SKEW_WORTH_SAYING_MS = 2_000;

/** The doors and terminals of every system, each with what can be done from here. */
export function Doors() {
  const { t } = useTranslation('gates');
  const { doors, doorsFault, loadingDoors, act, loadDoors, open } = useGates(
    useShallow(({ doors, doorsFault, loadingDoors, act, loadDoors, open }) => ({
      doors,
      doorsFault,
      loadingDoors,
      act,
      loadDoors,
      open,
    })),
  );
  const words = useFaultWords();
  const [asked, setAsked] = useState<{ platform: string; door: Door } | null>(null);
  const some = doors?.filter((one) => one.doors.length > 0 || one.canSetClock || one.fault) ?? [];
  return (
    <section className={styles.doors} aria-labelledby="doors">
      <div className={styles.doorsHead}>
        <h2 id="doors">{t('doors')}</h2>
        <Button
          variant="quiet"
          icon="refresh"
          busy={loadingDoors}
          data-testid="doors-again"
          onClick={() => void loadDoors()}
        >
          {t('doorsAgain')}
        </Button>
      </div>
      <Done act={act} />
      {doorsFault && (
        <Notice tone="bad" live title={words(doorsFault).title}>
          <p>{words(doorsFault).help}</p>
        </Notice>
      )}
      {doors === null && !doorsFault && (
        <div className={styles.empty}>
          <Spinner />
        </div>
      )}
      {doors !== null && some.length === 0 && <p className={styles.faint}>{t('noDoors')}</p>}
      {some.map((one) => (
        <PlatformDoors key={one.platform} told={one} onOpen={(door) => setAsked({ platform: one.platform, door })} />
      ))}
      {asked && (
        <ConfirmDialog
          open
          title={t('open.title', { door: asked.door.name })}
          confirm={t('open.confirm')}
          onConfirm={() => {
            setAsked(null);
            void open(asked.platform, asked.door);
          }}
          onClose={() => setAsked(null)}
        >
          <p>{t('open.body')}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

/** What came of the last opening or setting. */
function Done({ act }: { act: DoorAct | null }) {
  const { t } = useTranslation('gates');
  const words = useFaultWords();
  const platform = useStation((state) => state.platforms.find((one) => one.id === act?.platform) ?? null);
  if (act === null || act.state === 'busy') return null;
  const { what, name, fault } = act;
  const said = fault && words(fault, platform);
  return (
    <div data-testid="door-act" data-state={act.state} data-what={what}>
      <Notice
        tone={said ? 'bad' : 'good'}
        live
        title={
          said ? t('common:labelled', { label: name, text: said.meaning ?? said.title }) : t(`done.${what}`, { name })
        }
      >
        {said && <p>{fault.kind === 'time-out' ? t('unheard') : said.help}</p>}
      </Notice>
    </div>
  );
}

function PlatformDoors({ told, onOpen }: { told: GateDoors; onOpen(door: Door): void }) {
  const { t, i18n } = useTranslation('gates');
  const { act, setClock } = useGates(useShallow(({ act, setClock }) => ({ act, setClock })));
  const view = useStation((state) => state.platforms.find((one) => one.id === told.platform) ?? null);
  const words = useFaultWords();
  const { platform, doors, skewMs, canSetClock, fault } = told;
  const title = view?.title ?? platform;
  const busy = act?.state === 'busy' && act.platform === platform ? act : null;
  const said = fault && words(fault, view);
  return (
    <section className={styles.platform} data-testid={`doors-${platform}`} aria-label={title}>
      <h3>{title}</h3>
      {said && (
        <p className={styles.trouble} role="status">
          <strong>{t('common:sentence', { text: said.meaning ?? said.title })}</strong> {said.help}
        </p>
      )}
      <div className={styles.clockLine}>
        {skewMs !== null && (
          <p className={styles.clock} data-testid="skew">
            <Icon name="clock" />
            <span>
              {Math.abs(skewMs) < SKEW_WORTH_SAYING_MS
                ? t('clock.right')
                : t(skewMs > 0 ? 'clock.ahead' : 'clock.behind', { time: formatDuration(skewMs, i18n.locale) })}
            </span>
          </p>
        )}
        {canSetClock && !fault && (
          <Button
            icon="clock"
            busy={busy?.what === 'clock'}
            data-testid="set-clock"
            onClick={() => void setClock(platform, doors[0]?.name ?? title)}
          >
            {t('setClock')}
          </Button>
        )}
      </div>
      <ul className={styles.doorList}>
        {doors.map((door) => (
          <li key={door.id} className={styles.door} data-testid="door" data-online={door.online ?? undefined}>
            <span className={styles.doorName}>{door.name}</span>
            <span className={styles.faint}>
              {door.online === null ? t('online.unknown') : t(door.online ? 'online.yes' : 'online.no')}
            </span>
            {door.canOpen ? (
              <Button
                icon="door"
                busy={busy?.what === 'open' && busy.name === door.name}
                data-testid="open-door"
                aria-label={t('open.of', { door: door.name })}
                onClick={() => onOpen(door)}
              >
                {t('open.do')}
              </Button>
            ) : (
              <span className={styles.faint}>{t('notFromHere')}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
