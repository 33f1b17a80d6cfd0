import { type ReactNode, useId } from 'react';
import type { Certificate } from '#shared/calls/site';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/screen.tsx';
import { Select } from '../../components/select.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { formatDay } from '../../lib/format.ts';
import type { SiteForm, Trust } from '../../lib/use-site-form.ts';
import { SwitchRow } from '../settings-form.tsx';
import { Wrong } from './field.tsx';
import styles from './site.module.css';

const TRUSTS: readonly Trust[] = ['system', 'pin', 'ca'];

/** Whom to believe at that address: the usual authorities, one certificate, or an authority of the site's own. */
export function TrustFields({ form }: { form: SiteForm }) {
  const { t } = useTranslation('site');
  const id = useId();
  const { typed, trust, problems, shown, busy, caPem } = form;
  const address = String(typed.baseUrl ?? '');
  const problem = (path: string) => problems.find((one) => one.path === path);
  if (/^http:/i.test(address.trim())) {
    // Nothing leaves this computer.
    if (/^http:\/\/(localhost|127\.|\[::1\])/i.test(address.trim())) return null;
    return (
      <>
        <Notice tone="wait" title={t('trust.plainTitle')}>
          {t('trust.plainBody')}
        </Notice>
        <SwitchRow
          label={t('trust.allow')}
          hint={t('trust.allowHint')}
          checked={typed.allowHttp === true}
          onChange={(on) => form.type('allowHttp', on)}
        />
      </>
    );
  }
  const pem = async (file: File | undefined) => {
    if (file) form.giveCa(await file.text());
  };
  return (
    <div className={styles.fields}>
      <Select<Trust>
        label={t('trust.title')}
        value={trust}
        choices={TRUSTS.map((one) => ({ value: one, label: t(`trust.${one}`) }))}
        onChange={form.setTrust}
        testId="trust"
      />
      <p className={styles.hint}>{t(`trust.${trust}Hint`)}</p>
      {trust === 'pin' && (
        <div className={styles.field}>
          <label htmlFor={id} className={styles.label}>
            {t('trust.fingerprint')}
          </label>
          <input
            id={id}
            className={`${styles.input} ${styles.mono}`}
            data-testid="field-tls.fingerprint256"
            spellCheck={false}
            autoComplete="off"
            value={String(typed['tls.fingerprint256'] ?? '')}
            aria-describedby={`${id}-problem`}
            onChange={({ currentTarget }) => form.type('tls.fingerprint256', currentTarget.value)}
          />
          <Wrong id={`${id}-problem`} problem={problem('tls.fingerprint256')} />
          <div className={styles.buttons}>
            <Button icon="shield" busy={busy === 'certificate'} onClick={() => void form.showCertificate()}>
              {t('trust.show')}
            </Button>
          </div>
          {shown && <CertificateFacts certificate={shown} believed={isSame(shown, typed)} onBelieve={form.believe} />}
        </div>
      )}
      {trust === 'ca' && (
        <div className={styles.field}>
          <label className={styles.fileField}>
            <span className={styles.label}>{t('trust.caFile')}</span>
            <input
              type="file"
              accept=".pem,.crt,.cer,application/x-pem-file"
              data-testid="ca-file"
              onChange={({ currentTarget }) => void pem(currentTarget.files?.[0])}
            />
          </label>
          <p className={styles.hint}>
            {caPem !== null ? t('trust.caGiven') : typed['tls.ca'] ? t('trust.caKept') : ''}
          </p>
          <Wrong id={`${id}-ca`} problem={problem('tls.ca')} />
        </div>
      )}
    </div>
  );
}

const isSame = (certificate: Certificate, typed: SiteForm['typed']): boolean =>
  String(typed['tls.fingerprint256'] ?? '') === certificate.fingerprint256;

/** What a certificate says of itself, and a way to believe it. */
export function CertificateFacts({
  certificate,
  believed,
  onBelieve,
}: {
  certificate: Certificate;
  believed: boolean;
  onBelieve(certificate: Certificate): void;
}) {
  const { t, i18n } = useTranslation('site');
  const day = (iso: string) => formatDay(Date.parse(iso), i18n.locale);
  const facts: [string, ReactNode][] = [
    [t('certificate.for'), certificate.subject],
    [t('certificate.by'), certificate.subject === certificate.issuer ? t('certificate.itself') : certificate.issuer],
    [t('certificate.valid'), t('certificate.span', { from: day(certificate.validFrom), to: day(certificate.validTo) })],
    [t('trust.fingerprint'), <code key="print">{certificate.fingerprint256}</code>],
  ];
  return (
    <div className={styles.certificate} data-testid="certificate">
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {believed ? (
        <p className={styles.hint}>{t('certificate.believed')}</p>
      ) : (
        <>
          <p>{t('certificate.compare')}</p>
          <div className={styles.buttons}>
            <Button variant="primary" icon="shield" data-testid="believe" onClick={() => onBelieve(certificate)}>
              {t('certificate.believe')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
