import { type ReactNode, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { Button, Spinner } from '../../components/button.tsx';
import { Icon, type IconName } from '../../components/icons.tsx';
import { Notice } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { formatShare, formatWhen } from '../../lib/format.ts';
import { type Chosen, chosenFolder } from '../../lib/import-files.ts';
import { importFault } from '../../lib/import-words.ts';
import { saveText } from '../../lib/save-text.ts';
import { useImport } from '../../stores/import.ts';
import styles from './import.module.css';

/** Columns that are known whatever the language of the page; one staff member and one visitor. */
const EXAMPLE = [
  'code,kind,name,gender,phone,email,department,host,from,to,photo',
  'TP001,staff,Anna Lim,female,0123456789,anna@example.com,Library,,,,TP001.jpg',
  'V001,visitor,Bo Tan,male,0198765432,,,TP001,2027-03-04 09:00,2027-03-04 17:00,',
];

/** Buttons that choose one kind of file: by the shell's own dialog, or where it has none the browser's. */
export function ChooseFiles({
  what,
  primary = false,
  children,
}: {
  what: Chosen['what'];
  primary?: boolean;
  children: ReactNode;
}) {
  const input = useRef<HTMLInputElement>(null);
  const { take, pick, busy } = useImport(useShallow(({ take, pick, busy }) => ({ take, pick, busy })));
  return (
    <>
      <Button
        variant={primary ? 'primary' : 'secondary'}
        icon={what === 'table' ? 'table' : 'picture'}
        data-testid={`choose-${what}`}
        busy={busy !== null}
        onClick={() => void pick(what).then((picked) => !picked && input.current?.click())}
      >
        {children}
      </Button>
      <input
        ref={input}
        hidden
        type="file"
        data-testid={`input-${what}`}
        aria-label={String(children)}
        accept={what === 'table' ? '.csv,.tsv,.txt,.xlsx' : what === 'zip' ? '.zip' : undefined}
        {...(what === 'folder' && { webkitdirectory: '' })}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // The same file may be chosen again after it was mended.
          event.currentTarget.value = '';
          if (files.length === 0) return;
          void take(async () => (what === 'folder' ? chosenFolder(files) : { loose: files, folders: [] }));
        }}
      />
    </>
  );
}

/** What stands in the way of the files, and the way on. */
export function ImportTrouble() {
  const { t, i18n } = useTranslation('import');
  const { trouble, withoutHeader } = useImport(
    useShallow(({ trouble, withoutHeader }) => ({ trouble, withoutHeader })),
  );
  if (!trouble) return null;
  const { fault } = trouble;
  const { title, help } = importFault(i18n, fault);
  return (
    <div data-testid="import-trouble" data-code={fault.code}>
      <Notice
        tone="bad"
        live
        title={title}
        actions={
          fault.code === 'no-header' && (
            <Button data-testid="without-header" onClick={() => void withoutHeader()}>
              {`${t('read.header')}: ${t('read.headerNo')}`}
            </Button>
          )
        }
      >
        {help}
      </Notice>
    </div>
  );
}

/** How far the files are on their way to the station. */
export function Uploading() {
  const { t, i18n } = useTranslation('import');
  const { uploading, busy, stop } = useImport(
    useShallow(({ uploading, busy, stopUpload }) => ({ uploading, busy, stop: stopUpload })),
  );
  const number = new Intl.NumberFormat(i18n.locale);
  if (!uploading)
    return busy === 'read' || busy === 'upload' ? (
      <p className={styles.upload} role="status" data-testid="reading">
        <Spinner />
        {t('upload.reading')}
      </p>
    ) : null;
  const { what, name, done, total } = uploading;
  const share = total === null ? null : total === 0 ? 1 : done / total;
  return (
    <div className={styles.upload} role="status" data-testid="uploading">
      <Spinner />
      <span className={styles.grow}>
        {share === 1 ? t('upload.reading') : t(`upload.${what}`, { name })}{' '}
        {what === 'look' && done > 0 && t('upload.found', { count: done })}
        {share !== null &&
          (what === 'folder'
            ? t('upload.files', { done: number.format(done), total: number.format(total ?? 0) })
            : formatShare(share, i18n.locale))}
        <progress
          className={styles.bar}
          {...(share !== null && { value: share })}
          max={1}
          aria-label={t(`upload.${what}`, { name })}
        />
      </span>
      <Button variant="quiet" icon="cross" data-testid="stop-upload" onClick={stop}>
        {t('upload.stop')}
      </Button>
    </div>
  );
}

/** Nothing is open: what to drop, an example, and what an earlier run left. */
export function ImportFiles() {
  const { t, i18n } = useTranslation('import');
  const { left, photos } = useImport(useShallow(({ left, photos }) => ({ left, photos })));
  const [unfinished] = left;
  return (
    <>
      {unfinished && (
        <div data-testid="unfinished">
          <Notice tone="wait" title={t('left.title')}>
            {t('left.body', {
              count: unfinished.rows,
              unchecked: unfinished.unchecked,
              when: formatWhen(unfinished.at, Date.now(), i18n.locale),
            })}
          </Notice>
        </div>
      )}
      <div className={styles.cards}>
        <Card icon="table" title={t('files.table')}>
          <p>{t('files.tableHelp')}</p>
          <p>{t('files.tableRow')}</p>
          <div className={styles.buttons}>
            <ChooseFiles what="table" primary>
              {t('files.chooseTable')}
            </ChooseFiles>
            <Button
              variant="quiet"
              icon="download"
              data-testid="example"
              onClick={() => saveText('example.csv', 'text/csv', `\uFEFF${EXAMPLE.join('\r\n')}\r\n`)}
            >
              {t('files.example')}
            </Button>
          </div>
        </Card>
        <Card icon="picture" title={t('files.photos')}>
          <p>{photos ? t('files.photosReady') : t('files.photosHelp')}</p>
          <PhotoButtons />
        </Card>
      </div>
      <p className={styles.faint}>
        <Icon name="lock" /> {t('files.privacy')}
      </p>
    </>
  );
}

export function PhotoButtons() {
  const { t } = useTranslation('import');
  return (
    <div className={styles.buttons}>
      <ChooseFiles what="folder">{t('files.chooseFolder')}</ChooseFiles>
      <ChooseFiles what="zip">{t('files.chooseZip')}</ChooseFiles>
    </div>
  );
}

function Card({ icon, title, children }: { icon: IconName; title: string; children: ReactNode }) {
  return (
    <section className={styles.card}>
      <h2>
        <Icon name={icon} size="l" /> {title}
      </h2>
      {children}
    </section>
  );
}
