import { Component, type ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Button } from './button.tsx';
import styles from './problem.module.css';

/** Shows a page that explains itself when a screen throws, instead of an empty window. */
export class CrashBoundary extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError(): { crashed: boolean } {
    return { crashed: true };
  }

  override render(): ReactNode {
    if (!this.state.crashed) return this.props.children;
    return <Crashed />;
  }
}

function Crashed() {
  const { t } = useTranslation();
  return (
    <main className={styles.problem} data-testid="problem" data-problem="crash">
      <h1>{t('crash.title')}</h1>
      <p>{t('crash.help')}</p>
      <div className={styles.actions}>
        <Button variant="primary" onClick={() => location.reload()}>
          {t('crash.reload')}
        </Button>
      </div>
    </main>
  );
}
