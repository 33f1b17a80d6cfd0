import { useShallow } from 'zustand/react/shallow';
import { useTranslation } from '../i18n/index.ts';
import { useImport } from '../stores/import.ts';
import { leavesUnsent, unsentRows } from '../stores/import-state.ts';
import { useSession } from '../stores/session.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

/** Leaves the import for the start; asks first where good rows were not sent. What is at work goes on and needs no question. */
export function useLeaveImport(): () => void {
  const reset = useSession((state) => state.reset);
  const ask = useImport((state) => state.ask);
  return () => {
    if (leavesUnsent(useImport.getState())) ask(reset);
    else reset();
  };
}

/** The question before that. */
export function LeaveQuestion() {
  const { t } = useTranslation('import');
  const { asking, view, ask } = useImport(useShallow(({ asking, view, ask }) => ({ asking, view, ask })));
  return (
    <ConfirmDialog
      open={asking !== null}
      title={t('leave.title')}
      confirm={t('leave.confirm')}
      onConfirm={() => {
        ask(null);
        asking?.leave();
      }}
      onClose={() => ask(null)}
    >
      <p>{t('leave.body', { count: unsentRows(view) })}</p>
    </ConfirmDialog>
  );
}
