import { useShallow } from 'zustand/react/shallow';
import { type ImportField, type ImportView, importFields } from '#shared/calls/import';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/screen.tsx';
import { Select } from '../../components/select.tsx';
import { lookUp, useTranslation } from '../../i18n/index.ts';
import { importField } from '../../lib/import-words.ts';
import { useImport } from '../../stores/import.ts';
import { ChooseFiles, PhotoButtons } from './files.tsx';
import styles from './import.module.css';
import { ImportRules } from './rules.tsx';

type Table = NonNullable<ImportView['table']>;

const DELIMITERS = [
  [',', 'comma'],
  [';', 'semicolon'],
  ['\t', 'tab'],
  ['|', 'pipe'],
] as const;
/** Select's values are texts; this one stands for no field. */
const NOTHING = 'nothing';

/** How the table was read and what its columns hold: all of it guessed, all of it to be changed; then what to do with the rows. */
export function ImportMapping({ view, table }: { view: ImportView; table: Table }) {
  const { t } = useTranslation('import');
  const { options, busy, check, showMapping } = useImport(
    useShallow(({ options, busy, check, showMapping }) => ({ options, busy, check, showMapping })),
  );
  const stuck = table.problems.some(({ fatal }) => fatal) || options.to.length === 0;
  return (
    <div className={styles.mapping}>
      <div className={styles.stack}>
        <Problems table={table} />
        {view.summary.rows > 0 && view.progress.phase === 'mapping' && <Notice tone="info">{t('taken')}</Notice>}
        {table.report && <ReportNotice />}
        <section className={styles.card}>
          <h2>{t('columns.title')}</h2>
          <Columns table={table} />
          <p className={styles.faint}>{t('columns.remembered')}</p>
        </section>
      </div>
      <div className={styles.stack}>
        <ReadingCard table={table} />
        <PhotosCard view={view} />
        <ImportRules />
      </div>
      <div className={styles.go}>
        <p className={styles.faint}>{options.to.length === 0 ? t('to.none') : t('checkHelp')}</p>
        {view.progress.phase !== 'mapping' && (
          <Button variant="quiet" size="l" icon="arrow-left" onClick={() => showMapping(false)}>
            {t('backToRows')}
          </Button>
        )}
        <Button
          variant="primary"
          size="l"
          icon="search"
          data-testid="check"
          busy={busy !== null}
          disabled={stuck}
          onClick={() => void check()}
        >
          {t('check')}
        </Button>
      </div>
    </div>
  );
}

/** The report of an earlier run came back: whether rows that are done are left alone is the first thing to know. */
function ReportNotice() {
  const { t } = useTranslation('import');
  const { onlyFailed, set } = useImport(useShallow(({ options, set }) => ({ onlyFailed: options.onlyFailed, set })));
  return (
    <div data-testid="report-back">
      <Notice tone="info" title={t('reportBack.title')}>
        <label className={styles.tick}>
          <input
            type="checkbox"
            checked={onlyFailed}
            data-testid="report-only-failed"
            onChange={(event) => set({ onlyFailed: event.currentTarget.checked })}
          />
          {t('reportBack.onlyFailed')}
        </label>
      </Notice>
    </div>
  );
}

function Problems({ table }: { table: Table }) {
  const { t, i18n } = useTranslation('import');
  if (table.problems.length === 0) return null;
  const fatal = table.problems.some((problem) => problem.fatal);
  return (
    <div data-testid="columns-problem" data-fatal={fatal}>
      <Notice tone={fatal ? 'bad' : 'wait'} live title={t('empty.columnsTitle')}>
        <ul>
          {table.problems.map(({ code, message }) => (
            <li key={message}>{lookUp(i18n, 'import', ['problem', code]) ?? message}</li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

function Columns({ table }: { table: Table }) {
  const { t, i18n } = useTranslation('import');
  const { map } = useImport(useShallow(({ map }) => ({ map })));
  const choices = [
    { value: NOTHING, label: t('columns.nothing') },
    ...importFields.map((field) => ({ value: field as string, label: importField(i18n, field) })),
  ];
  return (
    <ul className={styles.columns} data-testid="columns">
      {table.columns.map(({ index, name, field, sample }) => {
        const shown = name || t('columns.unnamed', { number: index + 1 });
        const cells = sample.filter((cell) => cell.trim() !== '').slice(0, 3);
        return (
          <li key={index} className={styles.column} data-off={field === null || undefined}>
            <span className={styles.columnText}>
              <span className={styles.columnName}>{shown}</span>
              <span className={styles.sample}>{cells.length > 0 ? cells.join(' · ') : t('columns.empty')}</span>
            </span>
            <Select
              label={t('columns.choose', { name: shown })}
              hideLabel
              testId={`column-${index}`}
              value={field ?? NOTHING}
              choices={choices}
              onChange={(next) => void map(index, next === NOTHING ? null : (next as ImportField))}
            />
          </li>
        );
      })}
    </ul>
  );
}

function ReadingCard({ table }: { table: Table }) {
  const { t } = useTranslation('import');
  const { name, read } = useImport(useShallow(({ view, read }) => ({ name: view?.name ?? '', read })));
  return (
    <section className={styles.card}>
      <h2>{t('read.title')}</h2>
      <p className={styles.fileName}>{name}</p>
      {table.format === 'xlsx' && <p>{t('read.workbook')}</p>}
      <div className={styles.pair}>
        {table.encoding !== null && (
          <Select
            label={t('read.encoding')}
            testId="encoding"
            value={table.encoding}
            choices={table.encodings.map((value) => ({ value, label: value.toUpperCase() }))}
            onChange={(encoding) => void read({ encoding })}
          />
        )}
        {table.delimiter !== null && (
          <Select
            label={t('read.delimiter')}
            testId="delimiter"
            value={table.delimiter}
            choices={DELIMITERS.map(([value, word]) => ({ value: value as string, label: t(`read.${word}`) }))}
            onChange={(delimiter) => void read({ delimiter })}
          />
        )}
        <Select
          label={t('read.header')}
          testId="header"
          value={table.header ? 'yes' : 'no'}
          choices={[
            { value: 'yes', label: t('read.headerYes') },
            { value: 'no', label: t('read.headerNo') },
          ]}
          onChange={(value) => void read({ header: value === 'yes' })}
        />
      </div>
      {!table.certain && <Notice tone="wait">{t('read.unsure')}</Notice>}
      <div className={styles.buttons}>
        <ChooseFiles what="table">{t('files.otherTable')}</ChooseFiles>
      </div>
    </section>
  );
}

function PhotosCard({ view }: { view: ImportView }) {
  const { t } = useTranslation('import');
  const { photos } = view;
  return (
    <section className={styles.card} data-testid="photos" data-files={photos?.files ?? 'none'}>
      <h2>{t('files.photos')}</h2>
      {photos ? (
        <>
          <p>{t('files.photoCount', { count: photos.files })}</p>
          {photos.refused > 0 && <p className={styles.faint}>{t('files.refused', { count: photos.refused })}</p>}
        </>
      ) : (
        <Notice tone="wait" title={t('empty.noPhotosTitle')}>
          <p>{t('empty.noPhotos')}</p>
          <p>{t('files.photosHelp')}</p>
        </Notice>
      )}
      <PhotoButtons />
    </section>
  );
}
