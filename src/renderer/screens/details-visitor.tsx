import { useEffect, useId, useState } from 'react';
import type { Output } from '#shared/contract';
import { displayName, type Person } from '#shared/person';
import { bridge } from '../bridge.ts';
import { Button } from '../components/button.tsx';
import { Notice } from '../components/screen.tsx';
import { Suggest } from '../components/suggest.tsx';
import { useTranslation } from '../i18n/index.ts';
import { formatWhen } from '../lib/format.ts';
import type { PersonDraft } from '../lib/person-draft.ts';
import { findKnown } from '../lib/visit-suggestions.ts';
import { useOperators } from '../stores/operators.ts';
import styles from './details.module.css';

/** Finds a visitor who was here before, so that they are one person and nothing is typed twice. */
export function KnownVisitorField({ onChoose }: { onChoose(person: Person): void }) {
  const { t } = useTranslation('visits');
  const id = useId();
  const [query, setQuery] = useState('');
  // A visitor who stands there alone is told of nobody else.
  const alone = useOperators((state) => state.status?.kiosk === true);
  if (alone) return null;
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {t('known.label')}
      </label>
      <Suggest
        id={id}
        className={styles.input}
        value={query}
        placeholder={t('known.hint')}
        autoComplete="off"
        data-testid="known-visitor"
        onChange={setQuery}
        find={findKnown}
        onChoose={({ person }) => {
          setQuery('');
          onChoose(person);
        }}
      />
    </div>
  );
}

type Alike = Output<'visits.resembling'>[number];

/** Long enough not to ask for every letter. */
const PAUSE_MS = 400;

/**
 * Below the last of the fields it goes by, where it is seen. Asks whether somebody who is typed in was here before, so that they keep their
 * code and are one person on every system.
 */
export function ResemblingVisitor({ draft, onSame }: { draft: PersonDraft; onSame(person: Person): void }) {
  const { t, i18n } = useTranslation('visits');
  // A visitor who stands there alone is told of nobody else.
  const alone = useOperators((state) => state.status?.kiosk === true);
  const [found, setFound] = useState<Alike[]>([]);
  const [others, setOthers] = useState<ReadonlySet<string>>(new Set());
  const name = displayName({ family: draft.family, given: draft.given }).trim();
  const { phone = '', email = '', 'visit.company': company = '' } = draft.fields;
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(() => {
      if (alone || (!(name && company) && !phone && !email)) return setFound([]);
      bridge.call('visits.resembling', { name, phone, email, company }).then(
        (alike) => !gone && setFound(alike),
        () => !gone && setFound([]),
      );
    }, PAUSE_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [alone, name, phone, email, company]);
  const [one] = found.filter(({ person }) => person.code !== draft.code && !others.has(person.code));
  if (!one || found.some(({ person }) => person.code === draft.code)) return null;
  const from = one.person.visit?.company;
  return (
    <div className={styles.wide} data-testid="resembling">
      <Notice
        tone="wait"
        live
        title={t('resembling.title', { name: one.name })}
        actions={
          <>
            <Button icon="check" data-testid="same-person" onClick={() => onSame(one.person)}>
              {t('resembling.same')}
            </Button>
            <Button
              variant="quiet"
              data-testid="other-person"
              onClick={() => setOthers(new Set(others).add(one.person.code))}
            >
              {t('resembling.other')}
            </Button>
          </>
        }
      >
        <p>
          {t(one.come ? 'resembling.came' : 'resembling.expected', {
            when: formatWhen(one.lastVisit, Date.now(), i18n.locale),
          })}
          {from && ` · ${from}`} · {one.person.code}
        </p>
      </Notice>
    </div>
  );
}
