import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { PersonSummary } from '#shared/people';
import { Button } from '../components/button.tsx';
import { Icon } from '../components/icons.tsx';
import { EmptyList, List } from '../components/list.tsx';
import { Notice, ScreenHead } from '../components/screen.tsx';
import { SearchField } from '../components/search-field.tsx';
import { StateDot } from '../components/state-mark.tsx';
import { useTranslation } from '../i18n/index.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { formatWhen } from '../lib/format.ts';
import { summarise } from '../lib/summary.ts';
import { usePause } from '../lib/use-pause.ts';
import { usePeople } from '../stores/people.ts';
import { useSession } from '../stores/session.ts';
import styles from './people.module.css';

/** Quick enough to feel live, slow enough not to ask for every key of a scanner. */
const PAUSE_MS = 250;

/** Everybody who was enrolled here: found by code or name, each a way to their page. */
export function People() {
  const { t } = useTranslation('people');
  const input = useRef<HTMLInputElement>(null);
  const { found, find, more } = usePeople(useShallow(({ found, find, more }) => ({ found, find, more })));
  const reset = useSession((state) => state.reset);
  const [query, setQuery] = useState(found?.query ?? '');
  const open = useOpenPerson();
  usePause(query.trim(), PAUSE_MS, (next) => void find(next));

  useEffect(() => {
    input.current?.focus();
    // States may have changed since the list was left.
    void find(usePeople.getState().found?.query ?? '');
  }, [find]);

  /** A scanner ends its code with Enter: somebody found alone is meant. */
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const wanted = query.trim();
    if (usePeople.getState().found?.query !== wanted || usePeople.getState().found?.loading) await find(wanted);
    const now = usePeople.getState().found;
    const exact = now?.people.find((person) => person.code === wanted);
    const only = now?.people.length === 1 ? now.people[0] : undefined;
    const person = exact ?? only;
    if (wanted !== '' && person) open(person.code);
  }

  return (
    <section className={styles.people}>
      <ScreenHead title={t('title')} focus={false} onBack={reset} />
      <form onSubmit={(event) => void submit(event)}>
        <SearchField
          ref={input}
          label={t('search')}
          hint={t('searchHint')}
          value={query}
          busy={found?.loading ?? false}
          onChange={setQuery}
        />
      </form>
      <p className={styles.count} role="status" data-testid="found">
        {found && !found.loading && !found.fault && <Count query={found.query} total={found.total} />}
      </p>
      {found?.fault && <Trouble onRetry={() => void find(query.trim())} />}
      {found && found.people.length > 0 ? (
        <List busy={found.loading}>
          {found.people.map((person) => (
            <PersonRow key={person.code} person={person} onOpen={() => open(person.code)} />
          ))}
        </List>
      ) : (
        !found?.fault && (
          <EmptyList>{found && !found.loading ? (found.query ? t('nobodyHelp') : t('emptyHelp')) : null}</EmptyList>
        )
      )}
      {found && found.people.length > 0 && found.people.length < found.total && (
        <div className={styles.more}>
          <p className={styles.count}>{t('shown', { shown: found.people.length, total: found.total })}</p>
          <Button busy={found.loading} icon="arrow-down" data-testid="more" onClick={() => void more()}>
            {t('more')}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Opens somebody's page. */
function useOpenPerson(): (code: string) => void {
  const go = useSession((state) => state.go);
  const show = usePeople((state) => state.show);
  return (code) => {
    void show(code);
    go('person');
  };
}

function Count({ query, total }: { query: string; total: number }) {
  const { t } = useTranslation('people');
  if (total > 0) return t('count', { count: total });
  return query ? t('nobody', { query }) : t('empty');
}

function Trouble({ onRetry }: { onRetry(): void }) {
  const { t } = useTranslation();
  const fault = usePeople((state) => state.found?.fault ?? null);
  const words = useFaultWords();
  if (!fault) return null;
  return (
    <div data-testid="problem" data-problem={fault.code}>
      <Notice
        tone="bad"
        live
        title={words(fault).title}
        actions={
          <Button icon="refresh" onClick={onRetry}>
            {t('retry')}
          </Button>
        }
      >
        <p>{words(fault).help}</p>
      </Notice>
    </div>
  );
}

function PersonRow({ person, onOpen }: { person: PersonSummary; onOpen(): void }) {
  const { t, i18n } = useTranslation('people');
  const { done, total, attention } = summarise(person.platforms);
  return (
    <li>
      <button type="button" className={styles.row} data-testid={`person-${person.code}`} onClick={onOpen}>
        <span className={styles.text}>
          <span className={styles.name}>{person.name}</span>
          <span className={styles.faint}>
            {person.code} · {t(`details:${person.kind}`)} · {formatWhen(person.enrolledAt, Date.now(), i18n.locale)}
          </span>
        </span>
        <span className={styles.dots}>
          {person.platforms.map((standing) => (
            <StateDot key={standing.id} delivery={standing} />
          ))}
        </span>
        <span className={styles.sum} data-attention={attention > 0 || undefined}>
          {attention > 0 ? t('needs', { count: attention }) : t('done', { done, count: total })}
        </span>
        <Icon name="chevron-right" />
      </button>
    </li>
  );
}
