import { useEffect, useRef, useState } from 'react';
import type { StepResult } from '#shared/calls/selftest';
import { bridge } from '../../bridge.ts';
import { Button, Spinner } from '../../components/button.tsx';
import { Icon, type IconName } from '../../components/icons.tsx';
import { Notice } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { faultOf } from '../../lib/fault.ts';
import { useFaultWords } from '../../lib/fault-words.ts';
import { formatDuration, formatNumbers } from '../../lib/format.ts';
import { saveText } from '../../lib/save-text.ts';
import { platformResult, type Step, selftestReport, selftestSteps, tryCamera } from '../../lib/selftest.ts';
import { useEngine } from '../../stores/engine.ts';
import { useStation } from '../../stores/station.ts';
import settings from '../settings.module.css';
import styles from './site.module.css';

type Done = { step: Step; result: StepResult };

/** The whole station looked at, step by step, with what to do where something is wrong. */
export function SelfTest() {
  const { t } = useTranslation('selftest');
  const info = useStation((state) => state.info);
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const [done, setDone] = useState<readonly Done[]>([]);
  const [running, setRunning] = useState(false);
  const [fault, setFault] = useState<ReturnType<typeof faultOf> | null>(null);
  const words = useFaultWords();
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);

  async function run(): Promise<void> {
    const all = selftestSteps(useStation.getState().platforms);
    setSteps(all);
    setDone([]);
    setFault(null);
    setRunning(true);
    try {
      for (const step of all) {
        const result = await resultOf(step);
        if (gone.current) return;
        setDone((old) => [...old, { step, result }]);
      }
    } catch (error) {
      // Whoever is here may not, or the station is gone.
      setFault(faultOf(error));
    } finally {
      setRunning(false);
    }
  }

  const whole = steps.length > 0 && done.length === steps.length;
  const troubles = done.filter(({ result }) => result.state !== 'good').length;
  return (
    <div className={settings.audit} data-testid="selftest" data-state={running ? 'running' : whole ? 'done' : 'idle'}>
      <p className={settings.hint}>{t('what')}</p>
      {running && (
        <progress
          className={settings.progress}
          value={done.length}
          max={steps.length}
          aria-label={t('progress', { n: done.length + 1, total: steps.length })}
        />
      )}
      <p role="status" className={settings.verdict} data-tone={whole ? (troubles === 0 ? 'good' : 'bad') : undefined}>
        {running && t('progress', { n: Math.min(done.length + 1, steps.length), total: steps.length })}
        {whole && <Icon name={troubles === 0 ? 'check' : 'alert'} />}
        {whole && (troubles === 0 ? t('allGood') : t('troubles', { count: troubles }))}
      </p>
      {steps.length > 0 && (
        <ol className={styles.steps}>
          {steps.map((step, index) => (
            <Line
              key={`${step.name} ${step.platform?.id ?? ''}`}
              step={step}
              result={done[index]?.result ?? null}
              busy={running && index === done.length}
            />
          ))}
        </ol>
      )}
      {fault && <Notice tone="bad" live title={words(fault).title} />}
      <div className={settings.buttons}>
        <Button icon="play" busy={running} data-testid="selftest-run" onClick={() => void run()}>
          {t(done.length > 0 ? 'again' : 'run')}
        </Button>
        {whole && info && (
          <Button
            icon="download"
            data-testid="selftest-export"
            onClick={() => {
              const text = `${JSON.stringify(selftestReport(info, Date.now(), done), null, 2)}\n`;
              saveText('vestibule-selftest.json', 'application/json', text);
            }}
          >
            {t('export')}
          </Button>
        )}
      </div>
      {whole && <p className={settings.hint}>{t('exportHint')}</p>}
    </div>
  );
}

/** One step: what it is, how it went, what to do. */
function Line({ step, result, busy }: { step: Step; result: StepResult | null; busy: boolean }) {
  const { t, i18n } = useTranslation('selftest');
  const name = t(`step.${step.name}`, { name: step.platform?.title ?? '' });
  const amount = formatDuration(result?.facts.skewMs ?? 0, i18n.locale);
  const says = result ? t(`says.${result.code}.title`, { amount }) : t(busy ? 'running' : 'waiting');
  const next = result ? t(`says.${result.code}.next`) : '-';
  const free = result?.facts.freeMb;
  return (
    <li
      className={styles.line}
      data-state={result?.state ?? 'skipped'}
      data-testid={`selftest-${step.platform?.id ?? step.name}`}
      data-code={result?.code}
    >
      {busy ? <Spinner /> : <Icon name={result ? ICONS[result.state] : 'pause'} />}
      <div>
        <p className={styles.says}>{t('line', { step: name, says })}</p>
        {next !== '-' && <p>{next}</p>}
        {free !== undefined && (
          <p className={settings.hint}>{t('freeMb', { amount: formatNumbers([free / 1024], i18n.locale) })}</p>
        )}
      </div>
    </li>
  );
}

const ICONS: Record<StepResult['state'], IconName> = { good: 'check', warn: 'alert', bad: 'cross' };

/** The models of the live check, loaded if they are not yet. */
async function tryModels(): Promise<StepResult> {
  useEngine.getState().warm();
  const ready = await (useEngine.getState().inspector?.ready ?? Promise.reject(new Error('no engine'))).then(
    () => true,
    () => false,
  );
  return ready ? { state: 'good', code: 'fine', facts: {} } : { state: 'bad', code: 'models-missing', facts: {} };
}

function resultOf(step: Step): Promise<StepResult> {
  if (step.name === 'platform') return bridge.call('platforms.test', { id: step.platform.id }).then(platformResult);
  if (step.name === 'camera') return tryCamera(useStation.getState().settings.cameraId);
  if (step.name === 'models') return tryModels().catch(() => ({ state: 'bad', code: 'models-missing', facts: {} }));
  return bridge.call('selftest.step', { step: step.name });
}
