import { useShallow } from 'zustand/react/shallow';
import { useTranslation } from '../../i18n/index.ts';
import { useSite } from '../../stores/site.ts';
import { useStation } from '../../stores/station.ts';
import { SwitchRow } from '../settings-form.tsx';

/** Whether tables are compared with the faces of people enrolled at this desk, which are then kept in numbers. */
export function CompareDesk() {
  const { t } = useTranslation('quality');
  const view = useSite((state) => state.view);
  const { compareDesk, save } = useStation(
    useShallow(({ settings, saveSettings }) => ({ compareDesk: settings.compareDesk, save: saveSettings })),
  );
  if (view === null) return null;
  const fixed = view.compareDesk;
  const hint = t('retention.compareHint');
  return (
    <SwitchRow
      label={t('retention.compare')}
      hint={fixed === null ? hint : `${hint} ${t('given')}`}
      checked={fixed ?? compareDesk}
      disabled={fixed !== null}
      onChange={(next) => void save({ compareDesk: next })}
    />
  );
}
