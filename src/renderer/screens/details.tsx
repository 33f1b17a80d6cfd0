import { Fragment, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Fault } from '#shared/fault';
import type { FieldProblem } from '#shared/person';
import { Button } from '../components/button.tsx';
import { Notice, ScreenHeading } from '../components/screen.tsx';
import { useTranslation } from '../i18n/index.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { changedPerson, chosenPlatforms, draftOf, extraFields, personOf, takesKind } from '../lib/person-draft.ts';
import { usePersonForm } from '../lib/use-person-form.ts';
import { draftOfKnown, keepingVisit, VISITOR_FIELDS, withVisitDefaults } from '../lib/visitor-draft.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import styles from './details.module.css';
import { ConsentChoice, KindChoice, TargetChoice } from './details-choices.tsx';
import { fieldLabel, PersonField } from './details-field.tsx';
import { KnownVisitorField, ResemblingVisitor } from './details-visitor.tsx';

/** Who the picture is of, and where the person is to be enrolled. */
export function Details() {
  const { t } = useTranslation('details');
  const { draft, known, photo, edit, enrol, retake } = useSession(
    useShallow((state) => ({
      draft: state.draft,
      known: state.known,
      photo: state.photo,
      edit: state.editDraft,
      enrol: state.enrol,
      retake: state.retake,
    })),
  );
  const { platforms, preset, workdayEnds } = useStation(
    useShallow(({ platforms, settings: { targets, workdayEnds } }) => ({ platforms, preset: targets, workdayEnds })),
  );
  const chosen = chosenPlatforms(draft, platforms, preset);
  const to = chosen.map((platform) => platform.id);
  const fixed = known?.fromPage ? known.person : null;
  // Of somebody known, what is known can be corrected as well.
  const extra = [
    ...new Set([
      ...(draft.kind === 'visitor' ? VISITOR_FIELDS : []),
      ...extraFields(chosen, draft.kind),
      ...(fixed ? Object.keys(draftOf(fixed, null).fields) : []),
    ]),
  ];
  const person = fixed ? changedPerson(fixed, draft, extra) : personOf(draft, extra);
  const asked = useStation((state) => state.info?.consent ?? null);
  const [agreedAt, setAgreedAt] = useState<number | null>(null);
  // What somebody known has agreed to before goes on to hold.
  const lacksConsent = asked !== null && agreedAt === null && known?.person.code !== draft.code.trim();
  const { form, attempted, busy, fault, found, shown, touch, submit, onKeyDown } = usePersonForm(
    person,
    to,
    extra,
    (one, where) =>
      enrol(one, where, asked && agreedAt !== null ? { version: asked.version, at: agreedAt } : undefined),
    () => {
      if (lacksConsent) showConsent(form.current);
      return !lacksConsent;
    },
  );

  const previewUrl = photo.status === 'checked' ? photo.previewUrl : null;
  const field = (name: string, value: string, onChange: (value: string) => void, testId?: string) => (
    <PersonField
      key={name}
      field={name}
      value={value}
      problems={shown(name, value)}
      onChange={onChange}
      onBlur={() => touch(name)}
      {...(testId && { testId })}
      fixed={fixed !== null && name === 'code'}
      made={draft.kind === 'visitor' && name === 'code'}
    />
  );
  const name = {
    family: field('name.family', draft.family, (family) => edit({ family }), 'field-family'),
    given: field('name.given', draft.given, (given) => edit({ given }), 'field-given'),
  };
  return (
    <section className={styles.details}>
      <aside className={styles.aside}>
        {previewUrl && <img className={styles.photo} src={previewUrl} alt={t('photoAlt')} />}
        <Button variant="quiet" icon="camera" data-testid="retake" onClick={retake}>
          {t('changePhoto')}
        </Button>
      </aside>
      <form
        ref={form}
        className={styles.form}
        noValidate
        onSubmit={(event) => void submit(event)}
        onKeyDown={onKeyDown}
      >
        <ScreenHeading focus={false}>{t('title')}</ScreenHeading>
        {platforms.some((platform) => takesKind(platform, 'visitor')) && (
          <KindChoice
            kind={draft.kind}
            onChange={(kind) => edit(kind === 'visitor' ? withVisitDefaults(draft, Date.now(), workdayEnds) : { kind })}
          />
        )}
        {known?.stored && !previewUrl && <Notice>{t('storedPhoto')}</Notice>}
        {draft.kind === 'visitor' && !fixed && (
          <KnownVisitorField
            onChoose={(one) => edit({ ...draftOfKnown(one, Date.now(), workdayEnds), to: draft.to })}
          />
        )}
        <div className={styles.fields}>
          {field('code', draft.code, (code) => edit({ code }), 'field-code')}
          {name.family}
          {name.given}
          {extra.map((path) => (
            <Fragment key={path}>
              {field(path, draft.fields[path] ?? '', (value) => edit({ fields: { ...draft.fields, [path]: value } }))}
              {path === 'phone' && draft.kind === 'visitor' && !fixed && (
                <ResemblingVisitor
                  draft={draft}
                  onSame={(one) => edit(keepingVisit(draft, draftOfKnown(one, Date.now(), workdayEnds)))}
                />
              )}
            </Fragment>
          ))}
        </div>
        {attempted && found.person && (
          <Notice tone="bad" live title={t('person')}>
            <Originals problems={found.person} />
          </Notice>
        )}
        <TargetChoice
          kind={draft.kind}
          platforms={platforms}
          chosen={to}
          missing={attempted && to.length === 0}
          onChange={(next) => edit({ to: next })}
        />
        {asked && (
          <ConsentChoice
            asked={asked}
            agreed={agreedAt !== null}
            missing={attempted && lacksConsent}
            onChange={(agreed) => setAgreedAt(agreed ? Date.now() : null)}
          />
        )}
        {fault && <SubmitFault fault={fault} onRetake={retake} />}
        <div className={styles.submit}>
          <Button type="submit" variant="primary" size="l" icon="send" busy={busy} data-testid="submit">
            {busy ? t('submitting') : t('submit', { count: to.length })}
          </Button>
        </div>
      </form>
    </section>
  );
}

function SubmitFault({ fault, onRetake }: { fault: Fault; onRetake(): void }) {
  const { t } = useTranslation('details');
  const words = useFaultWords()(fault);
  if (fault.field === 'photo') {
    return (
      <Notice
        tone="bad"
        live
        title={t('photoGone')}
        actions={<Button onClick={onRetake}>{t('photoGoneAction')}</Button>}
      />
    );
  }
  return (
    <div data-testid="problem" data-problem={fault.code}>
      <Notice tone="bad" live title={words.title}>
        <p>{words.help}</p>
        <p className={styles.original}>{fault.message}</p>
      </Notice>
    </div>
  );
}

export function Originals({ problems }: { problems: FieldProblem[] }) {
  const { i18n } = useTranslation();
  return (
    <ul>
      {problems.map((problem) => (
        <li key={`${problem.field} ${problem.platform} ${problem.message}`} className={styles.original}>
          {fieldLabel(i18n, problem.field)}: {problem.message}
        </li>
      ))}
    </ul>
  );
}

/** Brings into view what has to be agreed to, which the button may hide. */
function showConsent(form: HTMLFormElement | null): void {
  const choice = form?.querySelector<HTMLElement>('[name="consent"]');
  choice?.focus({ preventScroll: true });
  choice?.closest('fieldset')?.scrollIntoView({ block: 'center' });
}
