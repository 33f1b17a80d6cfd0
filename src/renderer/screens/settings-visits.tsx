import { useId } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { isTimeOfDay } from '#shared/visits';
import { useTranslation } from '../i18n/index.ts';
import { useStation } from '../stores/station.ts';
import styles from './settings.module.css';

/** Until when a visit lasts that nobody gave an end. */
export function VisitSettings() {
  const { t } = useTranslation('visits');
  const id = useId();
  const { workdayEnds, save } = useStation(
    useShallow((state) => ({ workdayEnds: state.settings.workdayEnds, save: state.saveSettings })),
  );
  return (
    <div className={styles.row}>
      <label htmlFor={id} className={styles.label}>
        {t('workday.label')}
      </label>
      <input
        id={id}
        key={workdayEnds}
        type="time"
        className={styles.time}
        defaultValue={workdayEnds}
        aria-describedby={`${id}-hint`}
        data-testid="workday-ends"
        // Saved when it is whole: while it is typed it passes through times nobody means.
        onBlur={({ currentTarget: { value } }) => {
          if (value !== workdayEnds && isTimeOfDay(value)) void save({ workdayEnds: value });
        }}
      />
      <p id={`${id}-hint`} className={styles.hint}>
        {t('workday.hint')}
      </p>
    </div>
  );
}
