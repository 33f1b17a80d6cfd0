import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { ImportView } from '#shared/calls/import';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { saveText } from '../../lib/save-text.ts';
import { useImport } from '../../stores/import.ts';
import { deliveryTotals } from '../../stores/import-state.ts';

/** What can be done while it is at work, or paused. */
export function WorkButtons({ view }: { view: ImportView }) {
  const { t } = useTranslation('import');
  const { busy, pause, resume, cancel } = useImport(
    useShallow(({ busy, pause, resume, cancel }) => ({ busy, pause, resume, cancel })),
  );
  const [asking, setAsking] = useState(false);
  const { arrived } = deliveryTotals(view.summary);
  const paused = view.progress.phase === 'paused';
  // It is another's work that goes on: nothing of it is given up here.
  const waiting = view.progress.phase === 'waiting';
  // Where nobody is sent there is nothing to give up.
  const words = view.doing ?? 'check';
  return (
    <>
      {paused ? (
        <Button variant="primary" icon="play" data-testid="resume" busy={busy !== null} onClick={() => void resume()}>
          {t('resume')}
        </Button>
      ) : (
        <Button icon="pause" data-testid="pause" busy={busy === 'pause'} onClick={() => void pause()}>
          {t('pause')}
        </Button>
      )}
      <Button
        variant="quiet"
        icon="cross"
        data-testid="cancel"
        onClick={() => (waiting ? void cancel() : setAsking(true))}
      >
        {t('cancel')}
      </Button>
      <ConfirmDialog
        open={asking}
        title={words === 'run' ? t('cancelTitle') : t('cancelCheckTitle')}
        confirm={words === 'run' ? t('cancelConfirm') : t('cancelCheckConfirm')}
        keep={words === 'run' ? t('cancelKeep') : t('cancelCheckKeep')}
        busy={busy === 'cancel'}
        onConfirm={() => void cancel().then(() => setAsking(false))}
        onClose={() => setAsking(false)}
      >
        <p>{words === 'run' ? t('cancelBody') : t('cancelCheckBody')}</p>
        {arrived > 0 && <p data-testid="cancel-arrived">{t('cancelSent', { count: arrived })}</p>}
      </ConfirmDialog>
    </>
  );
}

/** What can be done when nothing is at work. */
export function RestButtons({ view }: { view: ImportView }) {
  const { t } = useTranslation('import');
  const { busy, run, check, showMapping, report, sheet, forget } = useImport(
    useShallow(({ busy, run, check, showMapping, report, sheet, forget }) => ({
      busy,
      run,
      check,
      showMapping,
      report,
      sheet,
      forget,
    })),
  );
  const [closing, setClosing] = useState(false);
  const { phase } = view.progress;
  const { accepted } = view.summary;
  // A cancel is told before it is answered: what is begun until then would be lost.
  const occupied = busy !== null;
  const save = async () => {
    const file = await report();
    if (file) saveText(file.name, 'text/csv;charset=utf-8', file.bytes as Uint8Array<ArrayBuffer>);
  };
  const savePictures = async () => {
    const file = await sheet();
    if (file) saveText(file.name, 'text/html;charset=utf-8', file.html);
  };
  return (
    <>
      {phase === 'interrupted' && view.doing !== null ? (
        <Button
          variant="primary"
          icon="play"
          data-testid="go-on"
          busy={occupied}
          onClick={() => void (view.doing === 'run' ? run() : check())}
        >
          {t('goOn')}
        </Button>
      ) : phase === 'checked' || phase === 'done' ? (
        <Button
          variant={phase === 'checked' ? 'primary' : 'secondary'}
          icon="send"
          data-testid="run"
          busy={occupied}
          disabled={accepted === 0 || view.photos === null}
          onClick={() => void run()}
        >
          {phase === 'checked' ? t('run', { count: accepted }) : t('again')}
        </Button>
      ) : (
        <Button variant="primary" icon="search" data-testid="check-again" busy={occupied} onClick={() => void check()}>
          {t('check')}
        </Button>
      )}
      <Button icon="download" data-testid="report" busy={busy === 'report'} onClick={() => void save()}>
        {t('report')}
      </Button>
      <Button icon="picture" data-testid="sheet" busy={busy === 'sheet'} onClick={() => void savePictures()}>
        {t('sheet')}
      </Button>
      <Button variant="quiet" icon="settings" data-testid="show-mapping" onClick={() => showMapping(true)}>
        {t('showMapping')}
      </Button>
      <Button variant="quiet" icon="cross" data-testid="another" onClick={() => setClosing(true)}>
        {t('another')}
      </Button>
      <ConfirmDialog
        open={closing}
        title={t('forgetTitle')}
        confirm={t('forgetConfirm')}
        busy={busy === 'forget'}
        onConfirm={() => void forget().then(() => setClosing(false))}
        onClose={() => setClosing(false)}
      >
        <p>{t('forgetBody')}</p>
      </ConfirmDialog>
    </>
  );
}
