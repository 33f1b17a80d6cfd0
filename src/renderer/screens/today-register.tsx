import { type FormEvent, Fragment, useState } from 'react';
import type { Fault } from '#shared/fault';
import { Button } from '../components/button.tsx';
import dialog from '../components/dialog.module.css';
import { Modal } from '../components/modal.tsx';
import { Notice } from '../components/screen.tsx';
import { useTranslation } from '../i18n/index.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { type PersonDraft, personOf } from '../lib/person-draft.ts';
import { draftOfKnown, keepingVisit, newVisitor, VISITOR_FIELDS } from '../lib/visitor-draft.ts';
import { useStation } from '../stores/station.ts';
import { useVisits } from '../stores/visits.ts';
import { PersonField } from './details-field.tsx';
import { ResemblingVisitor } from './details-visitor.tsx';
import styles from './today.module.css';
import { VisitorList } from './today-list.tsx';

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
  const { t } = useTranslation('visits');
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
    <Modal
      title={t('register.title')}
      description={t('register.body')}
      data-wide=""
      data-testid="register-dialog"
      onClose={() => !busy && onClose()}
    >
      <form className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
        {field('name.family', draft.family, (family) => setDraft({ ...draft, family }))}
        {field('name.given', draft.given, (given) => setDraft({ ...draft, given }))}
        {VISITOR_FIELDS.map((path) => (
          <Fragment key={path}>
            {field(path, draft.fields[path] ?? '', (value) =>
              setDraft({ ...draft, fields: { ...draft.fields, [path]: value } }),
            )}
            {path === 'phone' && (
              <ResemblingVisitor
                draft={draft}
                onSame={(one) => setDraft(keepingVisit(draft, draftOfKnown(one, Date.now(), workdayEnds)))}
              />
            )}
          </Fragment>
        ))}
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
    </Modal>
  );
}
