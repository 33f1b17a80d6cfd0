import { useCallback, useEffect, useId, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Output, PlatformView } from '#shared/contract';
import type { Fault } from '#shared/fault';
import { bridge } from '../bridge.ts';
import { Button, Spinner } from '../components/button.tsx';
import { Icon } from '../components/icons.tsx';
import { useTranslation } from '../i18n/index.ts';
import { faultOf } from '../lib/fault.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { formatDuration, formatWhen } from '../lib/format.ts';
import { mayDo, useOperators } from '../stores/operators.ts';
import { keptIds, useSite } from '../stores/site.ts';
import { useStation } from '../stores/station.ts';
import styles from './settings.module.css';
import { KeptOnly, SetUp, SystemActions } from './site/set-up.tsx';

type Secret = Output<'vault.status'>[number];

/** Each connected system: whether it is ready, why not, and its secrets. */
export function Systems() {
  const { t } = useTranslation('settings');
  const platforms = useStation((state) => state.platforms);
  const [secrets, setSecrets] = useState<readonly Secret[]>([]);
  const kept = useSite(useShallow((state) => keptIds(state.view)));
  const mine = useOperators((state) => mayDo(state.status, 'administrator'));
  const load = useCallback(() => {
    // Without an answer the systems are shown without their secrets.
    bridge.call('vault.status', undefined).then(setSecrets, () => undefined);
  }, []);
  useEffect(() => {
    // Who may not see them is not asked for a PIN for merely opening the page.
    if (mine) load();
    else setSecrets([]);
  }, [mine, load]);
  return (
    <>
      {!mine && secrets.length === 0 && (
        <div className={styles.buttons}>
          <Button icon="lock" data-testid="show-secrets" onClick={load}>
            {t('secret.show')}
          </Button>
        </div>
      )}
      {platforms.length === 0 && <p className={styles.hint}>{t('systems.none')}</p>}
      <ul className={styles.systems}>
        {platforms.map((platform) => (
          <System
            key={platform.id}
            platform={platform}
            // Those of a platform that is set up here are in its form.
            secrets={kept.includes(platform.id) ? [] : secrets.filter((secret) => secret.platform === platform.id)}
            onChanged={load}
          />
        ))}
        <KeptOnly />
      </ul>
      <SetUp />
    </>
  );
}

function System({
  platform,
  secrets,
  onChanged,
}: {
  platform: PlatformView;
  secrets: readonly Secret[];
  onChanged(): void;
}) {
  const { t, i18n } = useTranslation('settings');
  const { test, run } = useStation(
    useShallow((state) => ({ test: state.tests[platform.id], run: state.testPlatforms })),
  );
  const words = useFaultWords();
  const result = test?.state === 'done' ? test.result : null;
  const state = test?.state === 'testing' ? 'testing' : result ? (result.ok ? 'ok' : 'failed') : 'unknown';
  const said = result?.fault ? words(result.fault, platform) : null;
  const again = () => {
    onChanged();
    void run([platform.id]);
  };
  return (
    <li className={styles.system} data-testid={`system-${platform.id}`} data-state={state}>
      <div className={styles.systemHead}>
        <div className={styles.systemText}>
          <h3>{platform.title}</h3>
          <p className={styles.hint}>
            {platform.id} · {platform.host}
          </p>
        </div>
        <Button icon="refresh" busy={state === 'testing'} data-testid="test" onClick={() => void run([platform.id])}>
          {t('systems.test')}
          <span className="hidden-text"> {platform.title}</span>
        </Button>
      </div>
      <div role="status" className={styles.diagnosis}>
        {state === 'testing' && <p className={styles.hint}>{t('welcome:state.testing')}</p>}
        {state === 'ok' && (
          <p className={styles.verdict} data-tone="good">
            <Icon name="check" />
            {t('systems.ok')}
          </p>
        )}
        {said && result?.fault && (
          <>
            <p className={styles.verdict} data-tone="bad">
              <Icon name="alert" />
              {said.meaning ? t('common:labelled', { label: said.title, text: said.meaning }) : said.title}
            </p>
            <p>{said.help}</p>
            <p className={styles.hint}>
              <code>{result.fault.code}</code> {result.fault.message}
            </p>
          </>
        )}
        {result && result.skewMs !== null && (
          <p className={styles.hint}>
            {Math.abs(result.skewMs) < 1500
              ? t('systems.clockSame')
              : t('welcome:skew', { amount: formatDuration(result.skewMs, i18n.locale) })}
          </p>
        )}
        {result?.detail && <p className={styles.hint}>{result.detail}</p>}
      </div>
      <SystemActions id={platform.id} title={platform.title} />
      {secrets.length > 0 && (
        <ul className={styles.secrets}>
          {secrets.map((secret) => (
            <SecretRow key={secret.field} secret={secret} onChanged={again} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** One secret: where it comes from and, where the vault holds it, a way to write it. It is never read back. */
function SecretRow({ secret, onChanged }: { secret: Secret; onChanged(): void }) {
  const { t, i18n } = useTranslation('settings');
  const id = useId();
  const words = useFaultWords();
  const [value, setValue] = useState('');
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const { platform, field } = secret;
  const writable = secret.origin === 'vault' || secret.origin === 'none';

  async function write(call: () => Promise<unknown>): Promise<void> {
    setBusy(true);
    setFault(null);
    try {
      await call();
      setOpen(false);
      setValue('');
      onChanged();
    } catch (error) {
      setFault(faultOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <li className={styles.secret} data-testid={`secret-${platform}-${field}`} data-set={secret.set}>
      <div className={styles.secretHead}>
        <p>
          <code>{field}</code>{' '}
          <span className={secret.set ? styles.hint : styles.missing}>
            {t(`secret.origin.${secret.origin}`)}
            {secret.updatedAt !== null && ` · ${formatWhen(secret.updatedAt, Date.now(), i18n.locale)}`}
          </span>
        </p>
        {writable && !open && (
          <Button variant="quiet" data-testid="secret-open" onClick={() => setOpen(true)}>
            {secret.set ? t('secret.replace') : t('secret.set')}
          </Button>
        )}
        {secret.inVault && !open && (
          <Button
            variant="quiet"
            busy={busy}
            data-testid="secret-clear"
            onClick={() => void write(() => bridge.call('vault.clear', { platform, field }))}
          >
            {t('secret.clear')}
          </Button>
        )}
      </div>
      {open && (
        <form
          className={styles.secretForm}
          onSubmit={(event) => {
            event.preventDefault();
            if (value !== '' && !busy) void write(() => bridge.call('vault.set', { platform, field, value }));
          }}
        >
          <label htmlFor={id} className="hidden-text">
            {t('secret.value', { field })}
          </label>
          <input
            id={id}
            type="password"
            className={styles.input}
            value={value}
            autoComplete="one-time-code"
            spellCheck={false}
            maxLength={4096}
            placeholder={t('secret.value', { field })}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          <Button type="submit" variant="primary" busy={busy}>
            {t('secret.save')}
          </Button>
          <Button
            variant="quiet"
            onClick={() => {
              setOpen(false);
              setValue('');
            }}
          >
            {t('common:cancel')}
          </Button>
        </form>
      )}
      {busy && !open && <Spinner />}
      {fault && (
        <p className={styles.missing} role="status">
          {t('common:sentence', { text: words(fault).title })} {fault.message}
        </p>
      )}
    </li>
  );
}
