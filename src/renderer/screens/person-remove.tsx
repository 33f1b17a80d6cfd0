import { useState } from 'react';
import type { PlatformView } from '#shared/contract';
import type { PersonDetail } from '#shared/people';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Icon } from '../components/icons.tsx';
import { useTranslation } from '../i18n/index.ts';
import { usePeople } from '../stores/people.ts';
import styles from './person.module.css';

/** Names what will be removed, platform by platform, before anything is. */
export function RemoveDialog({
  person,
  first,
  platforms,
  onClose,
}: {
  person: PersonDetail;
  /** The platforms that are chosen when it opens. */
  first: string[];
  platforms: PlatformView[];
  onClose(): void;
}) {
  const { t } = useTranslation('people');
  const [chosen, setChosen] = useState<readonly string[]>(first);
  const busy = usePeople((state) => state.shown?.busy === 'remove');
  const remove = usePeople((state) => state.remove);
  const enrolled = person.platforms.map(({ platform }) => platform);
  const choices = platforms.filter(({ id }) => enrolled.includes(id) || first.includes(id));
  // What is here belongs to the platforms the person is on: with the last of them it goes.
  const last = enrolled.every((id) => chosen.includes(id));
  const toggle = (id: string) =>
    setChosen((ids) => (ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]));
  return (
    <ConfirmDialog
      open
      title={t('remove.title', { name: person.name })}
      confirm={
        chosen.length === 0
          ? t('remove.chooseOne')
          : last
            ? t('remove.confirmAll', { count: chosen.length })
            : t('remove.confirm', { count: chosen.length })
      }
      busy={busy}
      onClose={onClose}
      onConfirm={() => {
        // Without a platform there is nothing to remove from: the button says so.
        if (chosen.length > 0) void remove([...chosen]).then(onClose);
      }}
    >
      <p>{t('remove.body', { name: person.name, code: person.code })}</p>
      <ul className={styles.choices}>
        {choices.map((platform) => (
          <li key={platform.id}>
            <label className={styles.choice}>
              <input
                className="hidden-text"
                type="checkbox"
                checked={chosen.includes(platform.id)}
                data-testid={`remove-from-${platform.id}`}
                onChange={() => toggle(platform.id)}
              />
              <span className={styles.box}>{chosen.includes(platform.id) && <Icon name="check" />}</span>
              <span>{platform.title}</span>
            </label>
          </li>
        ))}
      </ul>
      <p>{last ? t('remove.hereToo') : t('remove.hereStays')}</p>
      <p>
        <strong>{t('remove.forGood')}</strong>
      </p>
    </ConfirmDialog>
  );
}
