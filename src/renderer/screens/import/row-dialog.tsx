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
import { droppedPicture } from '../../lib/import-files.ts';
import { importFault, importReasons } from '../../lib/import-words.ts';
import { usePlatformTitle } from '../../lib/use-platform-title.ts';
import { rowAt, useImportRows } from '../../stores/import-rows.ts';
import { alikeOf } from '../../stores/import-state.ts';
import { Alike } from './alike.tsx';
import { RowCamera } from './row-camera.tsx';
import styles from './rows.module.css';
import { useRowChange } from './use-row-change.ts';

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
  const row = useImportRows((state) => rowAt(state, place));
  const [camera, setCamera] = useState(false);
  const { replace, decide, busy, replaced, fault } = useRowChange(row?.line ?? null);
  const given = useRef<File | null>(null);
  useEffect(() => {
    if (picture === null || given.current === picture || !changeable) return;
    given.current = picture;
    void replace(picture);
  });
  if (!row) return null;
  const drop = (event: DragEvent): void => {
    // While a row is open, what is dropped is for this row.
    event.preventDefault();
    event.stopPropagation();
    const file = droppedPicture(event.dataTransfer);
    if (file && changeable && !camera) void replace(file);
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
      onDrop={drop}
      onClose={() => busy === null && onClose()}
    >
      {camera ? (
        <RowCamera
          onBack={() => setCamera(false)}
          onPicture={(bytes) => {
            setCamera(false);
            void replace(bytes);
          }}
        />
      ) : (
        <>
          <RowFacts row={row} />
          {busy === 'photo' && (
            <p className={styles.busy} role="status">
              <Spinner /> {t('row.checking')}
            </p>
          )}
          {replaced && busy === null && (
            <div data-testid="replaced" data-verdict={row.verdict}>
              <Notice tone={row.verdict === 'accepted' ? 'good' : 'wait'} live>
                {row.verdict === 'accepted' ? `${t('row.replaced')} ${t('row.sendLater')}` : t('row.stillBad')}
              </Notice>
            </div>
          )}
          {fault && <ReplaceTrouble fault={fault} />}
          <Alike
            row={row}
            changeable={changeable}
            busy={busy !== null}
            onDecide={(...decision) => void decide(...decision)}
          />
          {changeable ? (
            <div className={styles.ways}>
              <FileButton onFile={(file) => void replace(file)}>{t('row.file')}</FileButton>
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

function ReplaceTrouble({ fault }: { fault: Fault }) {
  const { i18n } = useTranslation('import');
  const { title, help } = importFault(i18n, fault);
  return (
    <Notice tone="bad" live title={title}>
      {help}
    </Notice>
  );
}

function RowFacts({ row }: { row: ImportRow }) {
  const { t, i18n } = useTranslation(['import', 'receipts']);
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
