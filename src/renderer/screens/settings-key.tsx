import { useCallback, useEffect, useState } from 'react';
import type { Output } from '#shared/contract';
import type { Fault } from '#shared/fault';
import { bridge } from '../bridge.ts';
import { Button, Spinner } from '../components/button.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Icon } from '../components/icons.tsx';
import { Notice } from '../components/screen.tsx';
import { useTranslation } from '../i18n/index.ts';
import { faultOf } from '../lib/fault.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { mayDo, useOperators } from '../stores/operators.ts';
import styles from './settings.module.css';

type KeyStatus = Output<'key.status'>;

/** How often a change under way is asked how far it is. */
const ASK_MS = 400;

/** The key that everything here is sealed with: who keeps it, and replacing it. For administrators. */
export function KeySettings() {
  const { t } = useTranslation('settings');
  const words = useFaultWords();
  const mine = useOperators((state) => mayDo(state.status, 'administrator'));
  const [status, setStatus] = useState<KeyStatus | null>(null);
  const [asking, setAsking] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);

  const ask = useCallback(async (call: 'key.status' | 'key.change') => {
    try {
      setStatus(await bridge.call(call));
      setFault(null);
    } catch (error) {
      setFault(faultOf(error));
    }
  }, []);
  useEffect(() => {
    // Who may not change it is not asked for a PIN for merely opening the page.
    if (mine) void ask('key.status');
    else setStatus(null);
  }, [mine, ask]);
  useEffect(() => {
    if (status?.state !== 'running') return;
    const timer = setTimeout(() => void ask('key.status'), ASK_MS);
    return () => clearTimeout(timer);
  }, [status, ask]);

  if (!mine) return <p className={styles.hint}>{t('key.administratorsOnly')}</p>;
  const shown = fault ?? (status?.last?.outcome === 'failed' ? status.last.fault : null);
  return (
    <div className={styles.form} data-testid="key" data-state={status?.state} data-keeper={status?.keeper}>
      <p className={styles.hint}>{t('key.what')}</p>
      {!status && !fault && <Spinner />}
      {status && <KeyState status={status} />}
      {shown && (
        <Notice tone="bad" live title={words(shown).title}>
          <p>{words(shown).help}</p>
          {shown.code === 'key-refused' && <p>{shown.message}</p>}
        </Notice>
      )}
      {status && status.keeper !== 'environment' && (
        <div className={styles.buttons}>
          <Button
            icon="shield"
            busy={status.state === 'running'}
            data-testid="key-change"
            onClick={() => setAsking(true)}
          >
            {t(status.state === 'interrupted' ? 'key.finish' : 'key.change')}
          </Button>
        </div>
      )}
      <ConfirmDialog
        open={asking}
        title={t('key.title')}
        confirm={t(status?.state === 'interrupted' ? 'key.finish' : 'key.change')}
        onConfirm={() => {
          setAsking(false);
          void ask('key.change');
        }}
        onClose={() => setAsking(false)}
      >
        <p>{t('key.body')}</p>
        <p>{t('key.copies')}</p>
      </ConfirmDialog>
    </div>
  );
}

function KeyState({ status }: { status: KeyStatus }) {
  const { t } = useTranslation('settings');
  const { keeper, state, progress, last } = status;
  const done = state === 'idle' && last?.outcome === 'done' ? last : null;
  return (
    <>
      <p className={styles.verdict} role="status" data-tone={done ? 'good' : undefined} data-testid="key-status">
        {state === 'running' ? (
          <Spinner />
        ) : (
          <Icon name={state === 'interrupted' ? 'alert' : done ? 'check' : 'shield'} />
        )}
        {state === 'running'
          ? t('key.running')
          : state === 'interrupted'
            ? t('key.interrupted')
            : done
              ? t('key.done', { records: done.records, photos: done.photos })
              : t(`key.keeper.${keeper}`)}
      </p>
      {progress && (
        <div className={styles.row}>
          <progress
            className={styles.progress}
            value={progress.done}
            max={progress.total}
            aria-label={t('key.running')}
          />
          <p className={styles.hint}>{t('key.progress', progress)}</p>
        </div>
      )}
      {done && done.unreadable > 0 && (
        <p className={styles.missing}>{t('key.unreadable', { count: done.unreadable })}</p>
      )}
      {done && <p className={styles.hint}>{t('key.elsewhere')}</p>}
      {keeper === 'environment' && <p className={styles.hint}>{t('key.environmentHelp')}</p>}
    </>
  );
}
