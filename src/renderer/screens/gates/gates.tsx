import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { GatePass } from '#shared/gates';
import { Button, Spinner } from '../../components/button.tsx';
import { Icon } from '../../components/icons.tsx';
import { Notice, ScreenHeading } from '../../components/screen.tsx';
import { Select } from '../../components/select.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useFaultWords } from '../../lib/fault-words.ts';
import { formatList } from '../../lib/format.ts';
import { usePlatformTitle } from '../../lib/use-platform-title.ts';
import { useGates } from '../../stores/gates.ts';
import { useSession } from '../../stores/session.ts';
import { Doors } from './doors.tsx';
import styles from './gates.module.css';
import { Latest, PassRow } from './pass.tsx';
import { Watches } from './watches.tsx';

/** Rows shown at first, and how many more each time somebody asks. */
const PAGE = 40;

/** Who passes the doors, as it happens, and what an operator does with those. */
export function Gates() {
  const { t, i18n } = useTranslation('gates');
  const { monitor, fault, load, loadDoors, forget } = useGates(
    useShallow(({ monitor, fault, load, loadDoors, forget }) => ({ monitor, fault, load, loadDoors, forget })),
  );
  const reset = useSession((state) => state.reset);
  const title = usePlatformTitle();
  const words = useFaultWords();

  useEffect(() => {
    void load();
    void loadDoors();
    return () => forget('screen');
  }, [load, loadDoors, forget]);

  return (
    <section className={styles.gates} data-testid="gates">
      <div className={styles.head}>
        <Button variant="quiet" icon="arrow-left" data-testid="back" onClick={reset}>
          {t('common:back')}
        </Button>
        <ScreenHeading>{t('title')}</ScreenHeading>
        <p className={styles.lead}>{t('lead')}</p>
      </div>
      {fault && (
        <div data-testid="problem" data-problem={fault.code}>
          <Notice
            tone="bad"
            live
            title={words(fault).title}
            actions={
              <Button icon="refresh" onClick={() => void load()}>
                {t('common:retry')}
              </Button>
            }
          >
            <p>{words(fault).help}</p>
          </Notice>
        </div>
      )}
      {monitor && !monitor.watching && (
        <Notice tone="wait" title={t('off.title')}>
          <p>{t('off.body')}</p>
        </Notice>
      )}
      {monitor && <Watches watches={monitor.watches} />}
      <Latest />
      <div className={styles.columns}>
        <div className={styles.main}>
          {monitor ? (
            <PassList passes={monitor.passes} />
          ) : (
            !fault && (
              <div className={styles.empty} role="status">
                <Spinner />
                <p>{t('connecting')}</p>
              </div>
            )
          )}
          {monitor && monitor.silent.length > 0 && (
            <p className={styles.faint}>
              {t('silent', { platforms: formatList(monitor.silent.map(title), i18n.locale) })}
            </p>
          )}
        </div>
        <Doors />
      </div>
    </section>
  );
}

const ALL = 'all';
const gateKey = ({ platform, gate }: Pick<GatePass, 'platform' | 'gate'>) => JSON.stringify([platform, gate]);

function PassList({ passes }: { passes: readonly GatePass[] }) {
  const { t } = useTranslation('gates');
  const title = usePlatformTitle();
  const [gate, setGate] = useState(ALL);
  const [shown, setShown] = useState(PAGE);
  const gates = [...new Map(passes.map((pass) => [gateKey(pass), pass])).entries()].map(([value, pass]) => ({
    value,
    label: pass.gate === null ? title(pass.platform) : `${pass.gate} · ${title(pass.platform)}`,
  }));
  // A gate whose passes were all forgotten is no choice any more.
  const chosen = gates.some(({ value }) => value === gate) ? gate : ALL;
  const fitting = chosen === ALL ? passes : passes.filter((pass) => gateKey(pass) === chosen);

  if (passes.length === 0)
    return (
      <div className={styles.empty} data-testid="nobody">
        <Icon name="door" size="xl" />
        <p>{t('nobody')}</p>
        <p className={styles.faint}>{t('nobodyHelp')}</p>
      </div>
    );
  return (
    <>
      <div className={styles.filters}>
        <Select
          label={t('filter')}
          value={chosen}
          choices={[{ value: ALL, label: t('allGates') }, ...gates.toSorted((a, b) => a.label.localeCompare(b.label))]}
          onChange={(next) => {
            setGate(next);
            setShown(PAGE);
          }}
          testId="gate-filter"
        />
        <p className={styles.faint} data-testid="pass-count">
          {t('count', { count: fitting.length })}
        </p>
      </div>
      <ul className={styles.list} data-testid="passes">
        {fitting.slice(0, shown).map((pass) => (
          <PassRow key={pass.id} pass={pass} />
        ))}
      </ul>
      {fitting.length > shown && (
        <Button variant="quiet" icon="chevron-down" onClick={() => setShown(shown + PAGE)}>
          {t('more')}
        </Button>
      )}
    </>
  );
}
