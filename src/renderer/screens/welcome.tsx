import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { Button, FileButton } from '../components/button.tsx';
import { DoorScene } from '../components/door-scene.tsx';
import { Problem } from '../components/problem.tsx';
import { Notice, ScreenHeading } from '../components/screen.tsx';
import { useTranslation } from '../i18n/index.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { useDeskScan } from '../lib/use-desk-scan.ts';
import { useFileDrop } from '../lib/use-file-drop.ts';
import { useEngine } from '../stores/engine.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import styles from './welcome.module.css';
import { Connections } from './welcome-connections.tsx';
import { WelcomeImport } from './welcome-import.tsx';
import { Outbox } from './welcome-outbox.tsx';
import { Recent } from './welcome-recent.tsx';
import { WelcomeVisitors } from './welcome-visitors.tsx';

export function Welcome() {
  const { t } = useTranslation('welcome');
  const words = useFaultWords();
  const { status, fault, none, load } = useStation(
    useShallow((state) => ({
      status: state.status,
      fault: state.fault,
      none: state.status === 'ready' && state.platforms.length === 0,
      load: state.load,
    })),
  );
  const engineFailed = useEngine((state) => state.status === 'failed');
  const { go, submitFile, refuseFile } = useSession(
    useShallow(({ go, submitFile, refuseFile }) => ({ go, submitFile, refuseFile })),
  );
  const takeFile = (file: File) => void submitFile(file);
  const dragging = useFileDrop(
    (dropped) => ('file' in dropped ? takeFile(dropped.file) : refuseFile(dropped.problem)),
    !none,
  );
  useFreshTests();
  useDeskScan();

  if (status === 'failed' && fault) {
    return (
      <Problem name="station" icon="alert" title={t('unreachable')} help={words(fault).help} detail={fault.message}>
        <Button variant="primary" icon="refresh" onClick={() => void load()}>
          {t('common:retry')}
        </Button>
      </Problem>
    );
  }
  if (none) return <NoPlatforms />;
  return (
    <div className={styles.welcome} data-dragging={dragging || undefined}>
      <section className={styles.hero}>
        <DoorScene />
        <div className={styles.words}>
          <ScreenHeading>{t('title')}</ScreenHeading>
          <p className={styles.lead}>{t('lead')}</p>
        </div>
        <div className={styles.actions}>
          <Button variant="primary" size="l" icon="camera" data-testid="start" onClick={() => go('capture')}>
            {t('start')}
          </Button>
          <div className={styles.ways}>
            <div className={styles.file}>
              <FileButton variant="quiet" onFile={takeFile}>
                {t('file')}
              </FileButton>
              <span className={styles.drop}>{dragging ? t('dropHere') : t('fileHint')}</span>
            </div>
            <Button variant="quiet" icon="people" data-testid="visitors" onClick={() => go('today')}>
              {t('visits:open')}
            </Button>
            <Button variant="quiet" icon="door" data-testid="open-gates" onClick={() => go('gates')}>
              {t('gates:open.screen')}
            </Button>
            <Button
              variant="quiet"
              icon="search"
              data-testid="find-person"
              aria-keyshortcuts="Control+K"
              onClick={() => go('people')}
            >
              {t('findPerson')}
            </Button>
            <Button
              variant="quiet"
              icon="table"
              data-testid="start-import"
              aria-keyshortcuts="Control+I"
              onClick={() => go('import')}
            >
              {t('import:open')}
            </Button>
          </div>
        </div>
        {engineFailed && (
          <Notice tone="wait" live>
            {t('engineFailed')}
          </Notice>
        )}
      </section>
      <div className={styles.side}>
        <WelcomeImport />
        <Outbox />
        <WelcomeVisitors />
        <Connections />
        <Recent />
      </div>
    </div>
  );
}

/** How often a platform that is not ready is asked again. */
const ASK_AGAIN_MS = 20_000;

/** Platforms are asked again when somebody comes back to Welcome, because the last answers may be old; failed ones also in between. */
function useFreshTests(): void {
  const { ready, test } = useStation(
    useShallow((state) => ({ ready: state.status === 'ready', test: state.testPlatforms })),
  );
  useEffect(() => {
    // The first round belongs to the station link, which runs when the page has loaded.
    if (!ready) return;
    if (Object.keys(useStation.getState().tests).length > 0) void test();
    const timer = setInterval(() => void test(failedPlatforms()), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [ready, test]);
}

function failedPlatforms(): string[] {
  const { tests } = useStation.getState();
  return Object.entries(tests).flatMap(([id, test]) => (test.state === 'done' && !test.result.ok ? [id] : []));
}

function NoPlatforms() {
  const { t } = useTranslation('welcome');
  return (
    <Problem name="no-platforms" icon="door" title={t('noneTitle')} help={t('noneBody')}>
      <dl className={styles.commands}>
        <div>
          <dt>{t('noneConfig')}</dt>
          <dd>
            <code>vestibule serve --config FILE</code>
          </dd>
        </div>
        <div>
          <dt>{t('noneLab')}</dt>
          <dd>
            <code>vestibule serve --lab</code>
          </dd>
        </div>
      </dl>
    </Problem>
  );
}
