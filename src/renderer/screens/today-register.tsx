import { Dialog } from '@base-ui/react/dialog';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '#shared/contract';
import type { Fault } from '#shared/fault';
import { Button } from '../components/button.tsx';
import dialog from '../components/dialog.module.css';
import { Icon } from '../components/icons.tsx';
import { Notice } from '../components/screen.tsx';
import { faultOf } from '../lib/fault.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { type PersonDraft, personOf } from '../lib/person-draft.ts';
import { newVisitor, VISITOR_FIELDS } from '../lib/visitor-draft.ts';
import { useStation } from '../stores/station.ts';
import { useVisits } from '../stores/visits.ts';
import { fieldLabel, PersonField } from './details-field.tsx';
import styles from './today.module.css';

/** The station's limit for a list (contract, `visits.import`), and far more than a day's visitors. */
const MAX_LIST = 2_000_000;

/** Registers visitors ahead: one in a form, or many from a list. */
export function RegisterVisitors() {
  const { t } = useTranslation('visits');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon="person" data-testid="register" onClick={() => setOpen(true)}>
        {t('register.open')}
      </Button>
      <VisitorList />
      {open && <RegisterDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function RegisterDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation(['visits', 'common']);
  const words = useFaultWords();
  const workdayEnds = useStation((state) => state.settings.workdayEnds);
  const register = useVisits((state) => state.register);
  const [draft, setDraft] = useState<PersonDraft>(() => newVisitor(Date.now(), workdayEnds));
  const [busy, setBusy] = useState(false);
  const [attempted, setAttempted] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const nameless = !draft.family.trim() && !draft.given.trim();

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setAttempted(true);
    if (busy || nameless) return;
    setBusy(true);
    const refused = await register({ ...personOf(draft, VISITOR_FIELDS), kind: 'visitor' });
    setBusy(false);
    setFault(refused);
    if (!refused) onClose();
  }

  const problems = (field: string) => {
    if (field === 'name.family') return attempted && nameless ? [{ field, message: 'a name is required' }] : [];
    return fault?.field === field ? [{ field, message: fault.message }] : [];
  };
  const field = (name: string, value: string, change: (value: string) => void) => (
    <PersonField
      key={name}
      field={name}
      value={value}
      problems={problems(name)}
      onChange={change}
      onBlur={() => undefined}
      testId={`register-${name}`}
    />
  );
  return (
    <Dialog.Root open onOpenChange={(next) => !next && !busy && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={dialog.popup} data-testid="register-dialog">
          <div className={dialog.head}>
            <Dialog.Title className={dialog.title}>{t('register.title')}</Dialog.Title>
            <Dialog.Close className={dialog.close} aria-label={t('common:close')}>
              <Icon name="cross" />
            </Dialog.Close>
          </div>
          <Dialog.Description className={dialog.text}>{t('register.body')}</Dialog.Description>
          <form className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
            {field('name.family', draft.family, (family) => setDraft({ ...draft, family }))}
            {field('name.given', draft.given, (given) => setDraft({ ...draft, given }))}
            {VISITOR_FIELDS.map((path) =>
              field(path, draft.fields[path] ?? '', (value) =>
                setDraft({ ...draft, fields: { ...draft.fields, [path]: value } }),
              ),
            )}
            {fault && (
              <Notice tone="bad" live title={words(fault).title}>
                <p>{words(fault).help}</p>
              </Notice>
            )}
            <div className={dialog.buttons}>
              <Button type="submit" variant="primary" busy={busy} data-testid="register-do">
                {t('register.do')}
              </Button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type Told = { result: Output<'visits.import'> } | { fault: Fault };

/** Registers a list of visitors (CSV). */
function VisitorList() {
  const { t, i18n } = useTranslation('visits');
  const words = useFaultWords();
  const importList = useVisits((state) => state.importList);
  const [told, setTold] = useState<Told | null>(null);

  async function take(file: File): Promise<void> {
    setTold(null);
    if (file.size > MAX_LIST) {
      setTold({ fault: { kind: 'validation', code: 'visit-list', message: 'the list is larger than 2 MB' } });
      return;
    }
    try {
      setTold({ result: await importList(await file.text()) });
    } catch (error) {
      setTold({ fault: faultOf(error) });
    }
  }

  return (
    <>
      <label className={styles.file}>
        <input
          className="hidden-text"
          type="file"
          accept=".csv,text/csv"
          data-testid="visitor-list"
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            // The same list may be chosen again once it has been put right.
            event.currentTarget.value = '';
            if (file) void take(file);
          }}
        />
        <Icon name="outbox" />
        <span>{t('list.open')}</span>
      </label>
      {told && (
        <div className={styles.told} data-testid="list-told">
          {'fault' in told ? (
            <Notice tone="bad" live title={words(told.fault).title}>
              <p>{words(told.fault).help}</p>
            </Notice>
          ) : told.result.problems.length === 0 ? (
            <Notice tone="good" live title={t('list.done', { count: told.result.registered })} />
          ) : (
            <Notice tone="bad" live title={t('list.refused', { count: told.result.problems.length })}>
              <ul className={styles.problems}>
                {told.result.problems.slice(0, 10).map(({ row, field, message }) => (
                  <li key={`${row} ${field} ${message}`}>
                    {t('list.row', { row, field: fieldLabel(i18n, field) })} <span lang="en">{message}</span>
                  </li>
                ))}
              </ul>
            </Notice>
          )}
        </div>
      )}
    </>
  );
}
