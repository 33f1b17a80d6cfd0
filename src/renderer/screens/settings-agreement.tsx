import { useCallback, useEffect, useState } from 'react';
import type { MeasuredDisagreement, PlatformAgreement } from '#shared/calls/quality';
import type { Fault } from '#shared/fault';
import { bridge } from '../bridge.ts';
import { Button, Spinner } from '../components/button.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Icon } from '../components/icons.tsx';
import { Notice } from '../components/screen.tsx';
import { lookUp, useTranslation } from '../i18n/index.ts';
import { faultOf } from '../lib/fault.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { formatDay, formatNumbers, formatShare } from '../lib/format.ts';
import { saveText } from '../lib/save-text.ts';
import { useStation } from '../stores/station.ts';
import styles from './settings-agreement.module.css';

type State = { platforms: PlatformAgreement[] } | { fault: Fault } | null;

/** What the systems said of pictures beside what the check had foretold, and which threshold to trim. */
export function Agreement() {
  const { t } = useTranslation('agreement');
  const words = useFaultWords();
  const [state, setState] = useState<State>(null);
  const [busy, setBusy] = useState<'export' | 'clear' | null>(null);
  const [asking, setAsking] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);

  const load = useCallback(() => {
    let gone = false;
    const put = (next: State) => {
      if (!gone) setState(next);
    };
    put(null);
    bridge.call('quality.disagreements', undefined).then(
      (platforms) => put({ platforms }),
      (error: unknown) => put({ fault: faultOf(error) }),
    );
    return () => {
      gone = true;
    };
  }, []);
  useEffect(load, [load]);

  async function run(what: 'export' | 'clear', work: () => Promise<void>): Promise<void> {
    setBusy(what);
    setFault(null);
    try {
      await work();
    } catch (error) {
      setFault(faultOf(error));
    } finally {
      setBusy(null);
      setAsking(false);
    }
  }
  const save = () =>
    run('export', async () => {
      const { csv } = await bridge.call('quality.disagreements.export', undefined);
      saveText('vestibule-disagreements.csv', 'text/csv', csv);
    });
  const clear = () =>
    run('clear', async () => {
      await bridge.call('quality.disagreements.clear', { platform: null });
      load();
    });

  const platforms = state && 'platforms' in state ? state.platforms : [];
  return (
    <div className={styles.agreement} data-testid="agreement" data-platforms={platforms.length}>
      <p className={styles.hint}>{t('what')}</p>
      <div role="status" className={styles.state}>
        {!state && <Spinner />}
        {state && 'platforms' in state && platforms.length === 0 && <p>{t('empty')}</p>}
        {state && 'fault' in state && <p className={styles.bad}>{words(state.fault).title}</p>}
      </div>
      {platforms.length > 0 && (
        <ul className={styles.platforms}>
          {platforms.map((platform) => (
            <PlatformRow key={`${platform.platform} ${platform.kind}`} platform={platform} />
          ))}
        </ul>
      )}
      {platforms.length > 0 && <p className={styles.hint}>{t('unsent')}</p>}
      {fault && <Notice tone="bad" live title={words(fault).title} />}
      <div className={styles.buttons}>
        <Button icon="refresh" data-testid="agreement-again" onClick={load}>
          {t('again')}
        </Button>
        {platforms.length > 0 && (
          <>
            <Button icon="download" busy={busy === 'export'} data-testid="agreement-export" onClick={() => void save()}>
              {t('export')}
            </Button>
            <Button variant="quiet" icon="trash" data-testid="agreement-clear" onClick={() => setAsking(true)}>
              {t('clear')}
            </Button>
          </>
        )}
      </div>
      <ConfirmDialog
        open={asking}
        title={t('clearTitle')}
        confirm={t('clear')}
        busy={busy === 'clear'}
        onConfirm={() => void clear()}
        onClose={() => setAsking(false)}
      >
        {t('clearBody')}
      </ConfirmDialog>
    </div>
  );
}

function PlatformRow({ platform }: { platform: PlatformAgreement }) {
  const { t, i18n } = useTranslation('agreement');
  const known = useStation((state) => state.platforms.find(({ id }) => id === platform.platform));
  const { answers, agreed, strict, lenient, other, measures, since } = platform;
  const facts = [
    { key: 'lenient', count: lenient },
    { key: 'strict', count: strict },
    { key: 'other', count: other },
  ] as const;
  return (
    <li className={styles.platform} data-testid={`agreement-${platform.platform}`}>
      <div className={styles.head}>
        <h3>{known?.title ?? platform.platform}</h3>
        <p className={styles.verdict} data-tone={agreed === answers ? 'good' : undefined}>
          {agreed === answers && <Icon name="check" />}
          {t('rate', { count: answers, agreed, share: formatShare(agreed / Math.max(1, answers), i18n.locale) })}
        </p>
      </div>
      <p className={styles.hint}>
        {t('since', { day: formatDay(since, i18n.locale) })}
        {!platform.configured && ` · ${t('gone')}`}
      </p>
      <ul className={styles.facts}>
        {facts
          .filter(({ count }) => count > 0)
          .map(({ key, count }) => (
            <li key={key}>{t(`verdict.${key}`, { count })}</li>
          ))}
      </ul>
      {measures.map((one) => (
        <Measure key={`${one.verdict} ${one.measure}`} one={one} kind={platform.kind} />
      ))}
    </li>
  );
}

function Measure({ one, kind }: { one: MeasuredDisagreement; kind: string }) {
  const { t, i18n } = useTranslation('agreement');
  const { measure, verdict, count, codes, values, advice } = one;
  const name = measure === null ? t('nothing') : (lookUp(i18n, 'agreement', ['measure', measure]) ?? measure);
  const meaning = codes.map((code) => lookUp(i18n, 'platformCode', [kind, code]) ?? code);
  return (
    <div className={styles.measure} data-testid={`disagreement-${measure ?? 'none'}`} data-advice={advice.kind}>
      <p className={styles.label}>{t('line', { name, count, verdict: t(`short.${verdict}`) })}</p>
      <p className={styles.hint}>
        {t('codes', { codes: codes.join(', '), meaning: [...new Set(meaning)].join(' · ') })}
        {values.length > 0 && ` ${t('values', { values: formatNumbers(values, i18n.locale) })}`}
      </p>
      <p>{t(`advice.${advice.kind}`)}</p>
      {advice.limit !== null && (
        <p>
          <code>{`"quality": { "${measure}": ${JSON.stringify(advice.limit)} }`}</code>
        </p>
      )}
      {advice.limit !== null && advice.few && <p className={styles.hint}>{t('few')}</p>}
    </div>
  );
}
