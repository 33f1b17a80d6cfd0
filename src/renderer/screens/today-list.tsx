import { useState } from 'react';
import { MOST_LIST_BYTES } from '#shared/calls/visits';
import type { Output } from '#shared/contract';
import type { Fault } from '#shared/fault';
import { Icon } from '../components/icons.tsx';
import { Notice } from '../components/screen.tsx';
import { type I18n, lookUp, useTranslation } from '../i18n/index.ts';
import { faultOf } from '../lib/fault.ts';
import { importFault, importField, importReasons } from '../lib/import-words.ts';
import { useVisits } from '../stores/visits.ts';
import styles from './today.module.css';

type Result = Output<'visits.import'>;
type Told = { result: Result } | { fault: Fault };

/** More are put right once these are. */
const SHOWN = 10;

/** Registers a list of visitors: a table as a spreadsheet saves it. */
export function VisitorList() {
  const { t } = useTranslation('visits');
  const importList = useVisits((state) => state.importList);
  const [told, setTold] = useState<Told | null>(null);
  const [busy, setBusy] = useState(false);

  async function take(file: File): Promise<void> {
    setTold(null);
    if (file.size > MOST_LIST_BYTES) {
      setTold({ fault: { kind: 'validation', code: 'too-large', message: 'the list is larger than 2 MB' } });
      return;
    }
    setBusy(true);
    try {
      setTold({ result: await importList(new Uint8Array(await file.arrayBuffer())) });
    } catch (error) {
      setTold({ fault: faultOf(error) });
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <label className={styles.file} aria-busy={busy || undefined}>
        <input
          className="hidden-text"
          type="file"
          accept=".csv,.txt,.tsv,.xlsx,text/csv"
          data-testid="visitor-list"
          disabled={busy}
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
          {'fault' in told ? <NoTable fault={told.fault} /> : <Registered result={told.result} />}
        </div>
      )}
    </>
  );
}

function NoTable({ fault }: { fault: Fault }) {
  const { i18n } = useTranslation('import');
  const words = importFault(i18n, fault);
  return (
    <Notice tone="bad" live title={words.title}>
      <p>{words.help}</p>
    </Notice>
  );
}

function Registered({ result: { registered, reused, already, problems } }: { result: Result }) {
  const { t, i18n } = useTranslation('visits');
  if (problems.length === 0)
    return (
      <Notice tone="good" live title={t('list.done', { count: registered })}>
        {reused + already > 0 && (
          <>
            {reused > 0 && <p>{t('list.reused', { count: reused })}</p>}
            {already > 0 && <p>{t('list.already', { count: already })}</p>}
          </>
        )}
      </Notice>
    );
  const hidden = problems.length - SHOWN;
  return (
    <Notice tone="bad" live title={t('list.refused', { count: problems.length })}>
      <ul className={styles.problems}>
        {problems.slice(0, SHOWN).map(({ row, reason }) => (
          <li key={`${row} ${reason.field} ${reason.code}`}>
            {t('list.row', { row, text: problemWords(i18n, reason) })}
          </li>
        ))}
      </ul>
      {hidden > 0 && <p>{t('list.more', { count: hidden })}</p>}
    </Notice>
  );
}

/** What is wrong with a row of a list: where a list of visitors has words of its own, those. */
function problemWords(i18n: I18n, reason: Result['problems'][number]['reason']): string {
  const values = { field: importField(i18n, reason.field ?? '') };
  return (
    lookUp(i18n, 'visits', ['list', 'problem', reason.code], values) ??
    importReasons(i18n, [reason], (id) => id).join(' ')
  );
}
