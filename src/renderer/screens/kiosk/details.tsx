import { type FormEvent, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { Button } from '../../components/button.tsx';
import { Notice, ScreenHeading } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useFaultWords } from '../../lib/fault-words.ts';
import { formatWhen } from '../../lib/format.ts';
import { useInView } from '../../lib/in-view.ts';
import { chosenPlatforms, extraFields, personOf } from '../../lib/person-draft.ts';
import { usePersonForm } from '../../lib/use-person-form.ts';
import { findHostNames } from '../../lib/visit-suggestions.ts';
import { useKiosk } from '../../stores/kiosk.ts';
import { useSession } from '../../stores/session.ts';
import { useStation } from '../../stores/station.ts';
import { Originals } from '../details.tsx';
import { PersonField } from '../details-field.tsx';
import styles from './kiosk.module.css';

/** Times a visitor is not asked for: the rest of the day is what they mean. */
const FILLED_IN: ReadonlySet<string> = new Set(['visit.from', 'visit.to']);

export function KioskDetails() {
  const purpose = useKiosk((state) => state.flow.purpose);
  return purpose === 'reenrol' ? <CodeAlone /> : <Details visitor={purpose === 'visit'} />;
}

/** Who somebody is, in as few fields as their systems allow. */
function Details({ visitor }: { visitor: boolean }) {
  const { t, i18n } = useTranslation('kiosk');
  const { send, fault, tell } = useKiosk(useShallow(({ send, fault, tell }) => ({ send, fault, tell })));
  const { draft, edit } = useSession(useShallow((state) => ({ draft: state.draft, edit: state.editDraft })));
  const { platforms, preset, hosts } = useStation(
    useShallow(({ platforms, settings }) => ({ platforms, preset: settings.targets, hosts: settings.kioskHosts })),
  );
  const chosen = chosenPlatforms(draft, platforms, preset);
  const to = chosen.map((platform) => platform.id);
  const extra = extraFields(chosen, draft.kind);
  const asked = extra.filter((field) => !FILLED_IN.has(field));
  const { form, attempted, busy, found, shown, touch, submit, onKeyDown, ...own } = usePersonForm(
    personOf(draft, [...new Set([...extra, ...(visitor ? FILLED_IN : [])])]),
    to,
    asked,
    send,
  );
  const words = useFaultWords();
  const wrong = own.fault ?? fault;
  // Below the fields, and so behind the keyboard.
  const problem = useInView(wrong);
  const field = (name: string, value: string, onChange: (value: string) => void) => (
    <PersonField
      key={name}
      field={name}
      label={name === 'visit.host' ? t('details.host') : undefined}
      findHosts={hosts ? findHostNames : null}
      value={value}
      problems={shown(name, value)}
      onChange={onChange}
      onBlur={() => touch(name)}
    />
  );
  const ends = draft.fields['visit.to'];
  return (
    <section className={styles.details}>
      <Portrait />
      <form
        ref={form}
        className={styles.form}
        noValidate
        onSubmit={(event) => void submit(event)}
        onKeyDown={onKeyDown}
        data-testid="kiosk-form"
      >
        <ScreenHeading focus={visitor}>{t('details.title')}</ScreenHeading>
        <div className={styles.fields}>
          {!visitor && field('code', draft.code, (code) => edit({ code }))}
          {field('name.family', draft.family, (family) => edit({ family }))}
          {field('name.given', draft.given, (given) => edit({ given }))}
          {asked.map((path) =>
            field(path, draft.fields[path] ?? '', (value) => edit({ fields: { ...draft.fields, [path]: value } })),
          )}
        </div>
        {visitor && ends && (
          <p className={styles.hint}>
            {t('details.until', { when: formatWhen(new Date(ends).getTime(), Date.now(), i18n.locale) })}
          </p>
        )}
        {attempted && found.person && (
          <Notice tone="bad" live title={t('details:person')}>
            <Originals problems={found.person} />
          </Notice>
        )}
        {wrong && (
          <div ref={problem} data-testid="problem" data-problem={wrong.code}>
            <Notice tone="bad" live title={words(wrong).title}>
              <p>{words(wrong).help}</p>
            </Notice>
          </div>
        )}
        <div className={styles.actions}>
          <Button type="submit" variant="primary" size="l" icon="send" busy={busy} data-testid="submit">
            {t('details.send')}
          </Button>
          <Button variant="quiet" size="l" icon="arrow-left" onClick={() => tell({ type: 'back' })}>
            {t('common:back')}
          </Button>
        </div>
      </form>
    </section>
  );
}

/** Somebody known says who they are by their code alone. */
function CodeAlone() {
  const { t } = useTranslation('kiosk');
  const { sendKnown, fault, tell } = useKiosk(useShallow(({ sendKnown, fault, tell }) => ({ sendKnown, fault, tell })));
  const { code, edit } = useSession(useShallow((state) => ({ code: state.draft.code, edit: state.editDraft })));
  const words = useFaultWords();
  const [missing, setMissing] = useState(false);
  const unknown = fault?.code === 'unknown-person';
  const problem = useInView(fault);
  function submit(event: FormEvent): void {
    event.preventDefault();
    setMissing(code.trim() === '');
    if (code.trim() !== '') void sendKnown(code.trim());
  }
  return (
    <section className={styles.details}>
      <Portrait />
      <form className={styles.form} noValidate onSubmit={submit} data-testid="kiosk-form">
        <ScreenHeading focus={false}>{t('code.title')}</ScreenHeading>
        <PersonField
          field="code"
          value={code}
          problems={missing && code.trim() === '' ? [{ field: 'code', message: 'a code is required' }] : []}
          onChange={(next) => edit({ code: next })}
          onBlur={() => undefined}
        />
        {fault && (
          <div ref={problem} data-testid="problem" data-problem={fault.code}>
            <Notice tone="bad" live title={unknown ? t('code.unknown') : words(fault).title}>
              <p>{unknown ? t('code.unknownHelp') : words(fault).help}</p>
            </Notice>
          </div>
        )}
        <div className={styles.actions}>
          <Button type="submit" variant="primary" size="l" icon="send" data-testid="submit">
            {t('details.send')}
          </Button>
          <Button size="l" icon="camera" data-testid="retake" onClick={() => tell({ type: 'retake' })}>
            {t('review:retake')}
          </Button>
          <Button variant="quiet" size="l" icon="arrow-left" onClick={() => tell({ type: 'back' })}>
            {t('common:back')}
          </Button>
        </div>
      </form>
    </section>
  );
}

function Portrait() {
  const { t } = useTranslation('details');
  const photo = useSession((state) => state.photo);
  if (photo.status !== 'checked' || !photo.previewUrl) return null;
  return <img className={styles.small} src={photo.previewUrl} alt={t('photoAlt')} />;
}
