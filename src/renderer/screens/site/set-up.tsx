import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { SitePlatform } from '#shared/calls/site';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icons.tsx';
import { Notice } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useFaultWords } from '../../lib/fault-words.ts';
import { wordsIn } from '../../lib/site-form.ts';
import { mayDo, useOperators } from '../../stores/operators.ts';
import { useSite } from '../../stores/site.ts';
import { useStation } from '../../stores/station.ts';
import settings from '../settings.module.css';
import { PlatformForm } from './form-dialog.tsx';
import { RemovePlatform } from './remove-dialog.tsx';
import styles from './site.module.css';

/** Adds a platform. Whoever is no administrator is asked for one when they open it. */
export function SetUp() {
  const { t } = useTranslation('site');
  const { view, fault, load, forget } = useSite(
    useShallow(({ view, fault, load, forget }) => ({ view, fault, load, forget })),
  );
  const mine = useOperators((state) => mayDo(state.status, 'administrator'));
  const [adding, setAdding] = useState(false);
  const words = useFaultWords();
  useEffect(() => {
    if (mine) void load();
    else forget();
  }, [mine, load, forget]);
  return (
    <>
      {view?.started && <p className={settings.hint}>{t('given')}</p>}
      <div className={settings.buttons}>
        {view ? (
          <Button variant="primary" icon="door" data-testid="add-platform" onClick={() => setAdding(true)}>
            {t('add.open')}
          </Button>
        ) : (
          <Button icon="lock" data-testid="set-up" onClick={() => void load()}>
            {t('setUp')}
          </Button>
        )}
      </div>
      {fault && !mine && <Notice tone="bad" live title={words(fault).title} />}
      {view && adding && (
        <PlatformForm view={view} was={null} onClose={() => setAdding(false)} onSaved={(id) => saved(id, setAdding)} />
      )}
    </>
  );
}

/** The list is asked for anew, and the platform tried, so that its state is true. */
function saved(id: string, setOpen: (open: boolean) => void): void {
  setOpen(false);
  void useSite.getState().load();
  const station = useStation.getState();
  void station.load().then(() => station.testPlatforms([id]));
}

/** Change and removal of a platform that is set up here; where else it is set up, for one that is not. */
export function SystemActions({ id, title }: { id: string; title: string }) {
  const { t } = useTranslation('site');
  const view = useSite((state) => state.view);
  const [open, setOpen] = useState<'change' | 'remove' | null>(null);
  const platform = view?.platforms.find((one) => one.id === id);
  if (!view || platform?.from !== 'kept') return null;
  const close = () => setOpen(null);
  return (
    <div className={settings.buttons}>
      <Button variant="quiet" icon="settings" data-testid={`change-${id}`} onClick={() => setOpen('change')}>
        {t('change.open')}
        <span className="hidden-text"> {t('of', { title, id })}</span>
      </Button>
      <Button variant="quiet" icon="trash" data-testid={`remove-${id}`} onClick={() => setOpen('remove')}>
        {t('remove.open')}
        <span className="hidden-text"> {t('of', { title, id })}</span>
      </Button>
      {open === 'change' && (
        <PlatformForm view={view} was={platform} onClose={close} onSaved={() => saved(id, close)} />
      )}
      {open === 'remove' && <RemovePlatform platform={platform} title={title} onClose={close} />}
    </div>
  );
}

/** Platforms that are set up here and cannot be used: what is wrong with them. */
export function KeptOnly() {
  const { t } = useTranslation('site');
  const view = useSite((state) => state.view);
  return view?.platforms
    .filter(({ problems }) => problems.length > 0)
    .map((platform) => {
      const title = view.kinds.find(({ kind }) => kind === platform.kind)?.title ?? platform.kind;
      return (
        <li key={platform.id} className={settings.system} data-testid={`broken-${platform.id}`}>
          <div className={settings.systemText}>
            <h3>{title}</h3>
            <p className={settings.hint}>{platform.id}</p>
          </div>
          <p className={settings.verdict} data-tone="bad">
            <Icon name="alert" />
            {t('broken')}
          </p>
          <Troubles platform={platform} />
          <SystemActions id={platform.id} title={title} />
        </li>
      );
    });
}

function Troubles({ platform }: { platform: SitePlatform }) {
  const { t, i18n } = useTranslation('site');
  const view = useSite((state) => state.view);
  const fields = view?.kinds.find(({ kind }) => kind === platform.kind)?.fields ?? [];
  return (
    <ul className={styles.troubles}>
      {platform.problems.map(({ path, code, message }) => {
        const field = fields.find((one) => one.path === path);
        const label = field ? wordsIn(field.label, i18n.locale) : path;
        return (
          <li key={path}>
            {t('common:labelled', { label, text: t(`problem.${code}`) })} <small>{message}</small>
          </li>
        );
      })}
    </ul>
  );
}
