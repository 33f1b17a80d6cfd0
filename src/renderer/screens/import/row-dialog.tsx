import { type DragEvent, useEffect, useRef, useState } from 'react';
import type { ImportRow } from '#shared/calls/import';
import type { Fault } from '#shared/fault';
import { Button, FileButton, Spinner } from '../../components/button.tsx';
import { Icon } from '../../components/icons.tsx';
import { Modal } from '../../components/modal.tsx';
import { Notice } from '../../components/screen.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { lookOf } from '../../lib/delivery-look.ts';
import { droppedPicture, holdFile } from '../../lib/import-files.ts';
import { importFault, importReasons } from '../../lib/import-words.ts';
import { usePlatformTitle } from '../../lib/use-platform-title.ts';
import { rowAt, rowOf, useImportRows } from '../../stores/import-rows.ts';
import { alikeOf } from '../../stores/import-state.ts';
import { useRowChange } from '../../stores/row-change.ts';
import { Alike } from './alike.tsx';
import { RowCamera } from './row-camera.tsx';
import styles from './rows.module.css';

/** One row: its picture, everything that is said of it, and another photo right here. */
export function RowDialog({
  place,
  count,
  changeable,
  picture,
  onMove,
  onClose,
}: {
  place: number;
  count: number;
  changeable: boolean;
  /** A picture that was dropped on the row. */
  picture: File | null;
  onMove(place: number): void;
  onClose(): void;
}) {
  const { t } = useTranslation('import');
  const id = useImportRows((state) => state.id);
  const row = useOpenRow(place);
  const line = row?.line ?? null;
  const [camera, setCamera] = useState(false);
  const { give, refuse, retry, drop, decide, busy, done, failed, waiting } = useRowChange();
  const given = useRef<File | null>(null);
  useEffect(() => {
    // The row may still be on its way from the station.
    if (picture === null || given.current === picture || line === null) return;
    given.current = picture;
    give(line, picture);
  });
  if (!row) return null;
  const mine = busy !== null && busy.line === row.line ? busy.what : null;
  const waits = waiting.find((one) => one.line === row.line && one.import === id) ?? null;
  const fault = waits?.fault ?? (failed?.line === row.line ? failed.fault : null);
  const onDrop = (event: DragEvent): void => {
    // While a row is open, what is dropped is for this row.
    event.preventDefault();
    event.stopPropagation();
    if (!event.dataTransfer.types.includes('Files')) return;
    const file = droppedPicture(event.dataTransfer);
    setCamera(false);
    if (file === null) refuse(row.line);
    else give(row.line, file);
  };
  return (
    <Modal
      className={styles.dialog}
      title={`${t('row.title', { line: row.line })} · ${row.name || t('table.noName')}`}
      closeLabel={t('row.close')}
      closeTestId="row-close"
      data-testid="row-dialog"
      data-line={row.line}
      aria-busy={busy !== null}
      onDragOver={holdFile}
      onDrop={onDrop}
      onClose={() => busy === null && onClose()}
    >
      {camera ? (
        <RowCamera
          onBack={() => setCamera(false)}
          onPicture={(bytes) => {
            setCamera(false);
            give(row.line, bytes);
          }}
        />
      ) : (
        <>
          <RowFacts row={row} />
          {mine === 'photo' && (
            <p className={styles.busy} role="status">
              <Spinner /> {t('row.checking')}
            </p>
          )}
          {done === row.line && busy === null && (
            <div data-testid="replaced" data-verdict={row.verdict}>
              <Notice tone={row.verdict === 'accepted' ? 'good' : 'wait'} live>
                {row.verdict === 'accepted' ? `${t('row.replaced')} ${t('row.sendLater')}` : t('row.stillBad')}
              </Notice>
            </div>
          )}
          {waits !== null && waits.fault === null && mine === null && (
            <div data-testid="photo-waits">
              <Notice tone="wait" live actions={<Button onClick={() => drop(row.line)}>{t('row.dropIt')}</Button>}>
                {t('row.waits')}
              </Notice>
            </div>
          )}
          {fault && <ReplaceTrouble fault={fault} kept={waits !== null} onRetry={() => retry(row.line)} />}
          <Alike
            row={row}
            changeable={changeable}
            busy={busy !== null}
            onDecide={(...decision) => void decide(...decision)}
          />
          {changeable ? (
            <div className={styles.ways}>
              <FileButton onFile={(file) => give(row.line, file)}>{t('row.file')}</FileButton>
              <Button icon="camera" data-testid="row-camera" busy={busy !== null} onClick={() => setCamera(true)}>
                {t('row.camera')}
              </Button>
              <span className={styles.hint}>{t('row.dropPicture')}</span>
            </div>
          ) : (
            <p className={styles.hint}>{t('row.busy')}</p>
          )}
          <div className={styles.steps}>
            <Button
              variant="quiet"
              icon="arrow-up"
              disabled={place === 0 || busy !== null}
              onClick={() => onMove(place - 1)}
            >
              {t('row.previous')}
            </Button>
            <Button
              variant="quiet"
              icon="arrow-down"
              data-testid="row-next"
              disabled={place >= count - 1 || busy !== null}
              onClick={() => onMove(place + 1)}
            >
              {t('row.next')}
            </Button>
          </div>
        </>
      )}
    </Modal>
  );
}

/**
 * The row at a place of the list, and the same one for as long as it is open: the list moves beneath it while rows change, and a photo must not
 * go to whoever is at its place then.
 */
function useOpenRow(place: number): ImportRow | null {
  const opened = useRef<{ place: number; row: ImportRow } | null>(null);
  const held = opened.current?.place === place ? opened.current.row : null;
  const row = useImportRows((state) => (held === null ? rowAt(state, place) : (rowOf(state, held.line) ?? held)));
  if (row !== null) opened.current = { place, row };
  return row;
}

/** What went wrong with a photo. @param kept it is still here, and can be tried again */
function ReplaceTrouble({ fault, kept, onRetry }: { fault: Fault; kept: boolean; onRetry(): void }) {
  const { t, i18n } = useTranslation('import');
  const { title, help } = importFault(i18n, fault);
  const retry = (
    <Button icon="refresh" data-testid="photo-retry" onClick={onRetry}>
      {t('common:retry')}
    </Button>
  );
  return (
    <Notice tone="bad" live title={title} {...(kept && { actions: retry })}>
      {help} {kept && t('row.kept')}
    </Notice>
  );
}

function RowFacts({ row }: { row: ImportRow }) {
  const { t, i18n } = useTranslation('import');
  const thumb = useImportRows((state) => state.thumbs.get(row.line));
  const title = usePlatformTitle();
  const reasons = importReasons(i18n, row.reasons, title);
  const notes = importReasons(i18n, row.warnings, title);
  // Side by side with another row below, it need not be shown twice.
  const alone = (alikeOf(row)?.lines.length ?? 0) > 0;
  return (
    <div className={styles.facts} data-alone={alone || undefined}>
      {!alone && (
        <span className={styles.portrait} data-none={!thumb || undefined}>
          {thumb ? (
            <img src={thumb} alt={t('table.photoOf', { name: row.name || row.code })} />
          ) : (
            <span>
              <Icon name="camera-off" size="l" /> {t('row.noPhoto')}
            </span>
          )}
        </span>
      )}
      <div className={styles.said}>
        <p className={styles.code}>
          {row.code} · {t(`verdict.${row.verdict}`)}
        </p>
        {reasons.length + notes.length === 0 && <p>{t('row.fine')}</p>}
        {reasons.length > 0 && (
          <ul className={styles.list} data-tone="bad">
            {reasons.map((text) => (
              <li key={text}>
                <Icon name="cross" /> <span>{text}</span>
              </li>
            ))}
          </ul>
        )}
        {notes.length > 0 && (
          <ul className={styles.list} data-tone="wait">
            {notes.map((text) => (
              <li key={text}>
                <Icon name="alert" /> <span>{text}</span>
              </li>
            ))}
          </ul>
        )}
        {row.deliveries.map((delivery) => (
          <p key={delivery.platform} className={styles.delivery}>
            <StateMark delivery={delivery} />
            <span>
              {title(delivery.platform)}: {t(`receipts:state.${lookOf(delivery)}`)}
              {delivery.error && ` · ${delivery.error.code}`}
            </span>
          </p>
        ))}
      </div>
    </div>
  );
}
