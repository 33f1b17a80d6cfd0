import { type ReactNode, useEffect, useState } from 'react';
import type { Output } from '#shared/contract';
import type { Fault } from '#shared/fault';
import { bridge } from '../bridge.ts';
import { Button, Spinner } from '../components/button.tsx';
import { Icon } from '../components/icons.tsx';
import { ScreenHead } from '../components/screen.tsx';
import { useTranslation } from '../i18n/index.ts';
import { faultOf } from '../lib/fault.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { saveText } from '../lib/save-text.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import styles from './settings.module.css';
import { Agreement } from './settings-agreement.tsx';
import { CameraSettings, LanguageSettings } from './settings-form.tsx';
import { KeySettings } from './settings-key.tsx';
import { KioskSettings } from './settings-kiosk.tsx';
import { OperatorSettings } from './settings-operators.tsx';
import { Systems } from './settings-systems.tsx';
import { VisitSettings } from './settings-visits.tsx';
import { CompareDesk } from './site/compare-desk.tsx';
import { QualitySettings } from './site/quality.tsx';
import { RetentionSettingsForm } from './site/retention.tsx';
import { SelfTest } from './site/selftest.tsx';

/** What a person at the desk may change and look at. Each setting is saved as it is changed. */
export function Settings() {
  const { t } = useTranslation('settings');
  const close = useSession((state) => state.closeSettings);
  return (
    <section className={styles.settings} data-testid="settings-screen">
      <ScreenHead title={t('title')} onBack={close} />
      <div className={styles.columns}>
        <div className={styles.column}>
          <Section id="settings-camera" title={t('section.camera')}>
            <CameraSettings />
          </Section>
          <Section id="settings-quality" title={t('section.quality')}>
            <QualitySettings />
          </Section>
          <Section id="settings-language" title={t('section.language')}>
            <LanguageSettings />
          </Section>
          <Section id="settings-visits" title={t('section.visits')}>
            <VisitSettings />
          </Section>
          <Section id="settings-kiosk" title={t('section.kiosk')}>
            <KioskSettings />
          </Section>
          <Section id="settings-operators" title={t('section.operators')}>
            <OperatorSettings />
          </Section>
          <Section id="settings-selftest" title={t('section.selftest')}>
            <SelfTest />
          </Section>
        </div>
        <div className={styles.column}>
          <Section id="settings-systems" title={t('section.systems')}>
            <Systems />
          </Section>
          <Section id="settings-agreement" title={t('section.agreement')}>
            <Agreement />
          </Section>
          <Section id="settings-retention" title={t('section.retention')}>
            <RetentionSettingsForm />
            <CompareDesk />
          </Section>
          <Section id="settings-security" title={t('section.security')}>
            <KeySettings />
          </Section>
          <Section id="settings-audit" title={t('section.audit')}>
            <Audit />
          </Section>
          <Section id="settings-about" title={t('section.about')}>
            <About />
          </Section>
        </div>
      </div>
    </section>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

type AuditState = { report: Output<'audit.status'> } | { fault: Fault } | null;

/** Whether the audit trail is as it was written. */
function Audit() {
  const { t } = useTranslation('settings');
  const words = useFaultWords();
  const [state, setState] = useState<AuditState>(null);
  const [turn, setTurn] = useState(0);
  const [taking, setTaking] = useState(false);
  const [refused, setRefused] = useState<Fault | null>(null);
  useEffect(() => {
    // Each turn asks anew.
    if (turn < 0) return;
    let gone = false;
    const put = (next: AuditState) => {
      if (!gone) setState(next);
    };
    put(null);
    bridge.call('audit.status', undefined).then(
      (report) => put({ report }),
      (error: unknown) => put({ fault: faultOf(error) }),
    );
    return () => {
      gone = true;
    };
  }, [turn]);
  async function take(): Promise<void> {
    setTaking(true);
    try {
      const { csv } = await bridge.call('audit.export');
      saveText('vestibule-audit.csv', 'text/csv', csv);
      setRefused(null);
    } catch (error) {
      setRefused(faultOf(error));
    } finally {
      setTaking(false);
    }
  }

  const report = state && 'report' in state ? state.report : null;
  return (
    <div className={styles.audit} data-testid="audit" data-whole={report ? report.whole : undefined}>
      <p className={styles.hint}>{t('audit.what')}</p>
      <p role="status" className={styles.verdict} data-tone={report ? (report.whole ? 'good' : 'bad') : undefined}>
        {!state && <Spinner />}
        {report && <Icon name={report.whole ? 'check' : 'alert'} />}
        {report && (report.whole ? t('audit.whole') : t('audit.broken', { seq: report.seq ?? '?' }))}
        {state && 'fault' in state && words(state.fault).title}
      </p>
      {report && <p className={styles.hint}>{t('audit.rows', { count: report.rows })}</p>}
      {report && !report.whole && (
        <>
          <p>{t('audit.brokenHelp')}</p>
          {report.reason && <p className={styles.hint}>{report.reason}</p>}
        </>
      )}
      <div className={styles.buttons}>
        <Button icon="refresh" data-testid="audit-again" onClick={() => setTurn((old) => old + 1)}>
          {t('audit.again')}
        </Button>
        <Button icon="download" busy={taking} data-testid="audit-export" onClick={() => void take()}>
          {t('audit.export')}
        </Button>
      </div>
      {refused && (
        <p role="status" className={styles.missing}>
          {words(refused).title}
        </p>
      )}
    </div>
  );
}

function About() {
  const { t } = useTranslation('settings');
  const info = useStation((state) => state.info);
  if (!info) return null;
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{t('common:product')}</dt>
        <dd>{t('about', { version: info.version })}</dd>
      </div>
      <div>
        <dt>{t('shell.title')}</dt>
        <dd>{t(`shell.${info.shell}`)}</dd>
      </div>
      {info.lab && (
        <div>
          <dt>{t('common:lab')}</dt>
          <dd>
            <a href={info.lab} target="_blank" rel="noreferrer">
              {info.lab}
            </a>
          </dd>
        </div>
      )}
    </dl>
  );
}
