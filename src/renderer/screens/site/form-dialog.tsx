import { useEffect, useId, useRef, useState } from 'react';
import type { SitePlatform, SiteView } from '#shared/calls/site';
import type { FormField } from '#shared/platform-form';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Modal } from '../../components/modal.tsx';
import { Notice } from '../../components/screen.tsx';
import { Select } from '../../components/select.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useFaultWords } from '../../lib/fault-words.ts';
import { useSiteForm } from '../../lib/use-site-form.ts';
import { Field, SecretField, Wrong } from './field.tsx';
import styles from './site.module.css';
import { TrialLines } from './trial.tsx';
import { CertificateFacts, TrustFields } from './trust.tsx';

/** One platform of the site, new (`was` null) or changed: filled in, tried, saved. */
export function PlatformForm({
  view,
  was,
  onClose,
  onSaved,
}: {
  view: SiteView;
  was: SitePlatform | null;
  onClose(): void;
  onSaved(id: string): void;
}) {
  const { t } = useTranslation('site');
  const form = useSiteForm(view, was);
  const words = useFaultWords();
  const id = useId();
  const body = useRef<HTMLFormElement>(null);
  const { fields, kind, problems, trial, busy, fault } = form;
  const [asking, setAsking] = useState(false);
  const close = () => {
    if (busy !== null) return;
    if (form.changed) setAsking(true);
    else onClose();
  };
  const title = view.kinds.find((one) => one.kind === kind)?.title ?? kind;

  useEffect(() => {
    // Whoever is told that something is wrong is taken there.
    if (problems.length > 0) body.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problems]);

  const draw = (field: FormField) =>
    field.kind === 'secret' ? (
      <SecretField
        key={field.path}
        field={field}
        value={form.secrets[field.path] ?? ''}
        there={was?.secrets.find((secret) => secret.field === field.path)}
        variable={was?.variables[field.path] ?? null}
        problem={problems.find((one) => one.path === field.path)}
        onChange={(value) => form.typeSecret(field.path, value)}
      />
    ) : (
      <Field
        key={`${kind} ${field.path}`}
        field={field}
        value={form.typed[field.path]}
        variable={was?.variables[field.path] ?? null}
        problem={problems.find((one) => one.path === field.path)}
        lists={trial?.lists ?? null}
        onChange={(value) => form.type(field.path, value)}
      />
    );
  const section = (name: FormField['section']) => fields.filter((field) => field.section === name).map(draw);
  const place = section('place');

  return (
    <>
      {/* Before the form, so that it goes first and the form can give the focus back. */}
      <ConfirmDialog
        open={asking}
        title={t('discard.title')}
        confirm={t('discard.do')}
        keep={t('discard.keep')}
        onConfirm={onClose}
        onClose={() => setAsking(false)}
      >
        <p>{t('discard.body')}</p>
      </ConfirmDialog>
      <Modal
        className={styles.popup}
        stays
        title={was ? t('change.title', { title, id: was.id }) : t('add.title')}
        description={t('what')}
        data-testid="platform-form"
        onClose={close}
      >
        <form
          ref={body}
          className={styles.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (busy === null) void form.save().then((saved) => saved && onSaved(form.id.trim()));
          }}
        >
          {was === null && (
            <div className={styles.fields}>
              <Select
                label={t('add.kind')}
                value={kind}
                choices={view.kinds.map((one) => ({ value: one.kind, label: one.title }))}
                onChange={form.choose}
                testId="kind"
              />
              <div className={styles.field}>
                <label htmlFor={id} className={styles.label}>
                  {t('add.id')}
                </label>
                <input
                  id={id}
                  className={styles.input}
                  data-testid="platform-id"
                  autoComplete="off"
                  spellCheck={false}
                  maxLength={64}
                  value={form.id}
                  aria-invalid={problems.some(({ path }) => path === 'id') || undefined}
                  aria-describedby={`${id}-help ${id}-problem`}
                  onChange={({ currentTarget }) => form.name(currentTarget.value)}
                />
                <p id={`${id}-help`} className={styles.hint}>
                  {t('add.idHint')}
                </p>
                <Wrong id={`${id}-problem`} problem={problems.find(({ path }) => path === 'id')} />
              </div>
            </div>
          )}
          <fieldset className={styles.group}>
            <legend>{t('section.connection')}</legend>
            {section('connection')}
            <TrustFields form={form} />
          </fieldset>
          {place.length > 0 && (
            <fieldset className={styles.group}>
              <legend>{t('section.place')}</legend>
              <p className={styles.hint}>{t(trial?.lists ? 'placeListed' : 'placeHint')}</p>
              {place}
            </fieldset>
          )}
          <details className={styles.more}>
            <summary>{t('section.more')}</summary>
            <div className={styles.fields}>{section('more')}</div>
          </details>
          <Wrong id={`${id}-whole`} problem={problems.find(({ path }) => !isField(path, fields))} />
          {trial && <TrialLines trial={trial} kind={kind} fields={fields} />}
          {trial?.certificate && (
            <CertificateFacts certificate={trial.certificate} believed={false} onBelieve={form.believe} />
          )}
          {fault && (
            <Notice tone="bad" live title={words(fault).title}>
              {words(fault).help}
            </Notice>
          )}
          <div className={styles.foot}>
            <Button icon="refresh" busy={busy === 'test'} data-testid="try" onClick={() => void form.test()}>
              {t('try')}
            </Button>
            <Button type="submit" variant="primary" busy={busy === 'save'} data-testid="save-platform">
              {t('save')}
            </Button>
          </div>
        </form>
      </Modal>
    </>
  );
}

/** Whether a problem is told at a field of its own. */
const isField = (path: string, fields: readonly FormField[]): boolean =>
  path === 'id' || fields.some((field) => field.path === path);
