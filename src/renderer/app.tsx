import { Suspense, useEffect } from 'react';
import styles from './app.module.css';
import { ConnectionBanner, Refused } from './components/connection.tsx';
import { Header } from './components/header.tsx';
import { LeaveQuestion } from './components/leave-import.tsx';
import { StepUpDialog } from './components/step-up-dialog.tsx';
import { speak, systemLanguage, useTranslation } from './i18n/index.ts';
import { useKeepPageOnDrop } from './lib/use-file-drop.ts';
import { useIdle } from './lib/use-idle.ts';
import { useScreenKeys } from './lib/use-screen-keys.ts';
import { useStationLink } from './lib/use-station-link.ts';
import {
  Capture,
  Details,
  fetchLaterScreens,
  Gates,
  ImportScreen,
  Kiosk,
  People,
  PersonPage,
  Receipts,
  Review,
  Settings,
  Today,
} from './screens/later.tsx';
import { SignIn } from './screens/sign-in.tsx';
import { Welcome } from './screens/welcome.tsx';
import { useEngine } from './stores/engine.ts';
import { useKiosk } from './stores/kiosk.ts';
import { isShut, useOperators } from './stores/operators.ts';
import { useSession } from './stores/session.ts';
import { useStation } from './stores/station.ts';

/** The whole page: header, banner, and the screen the session is at. */
export function App() {
  useStationLink();
  useLanguage();
  useWarmEngine();
  useKeepPageOnDrop();
  useScreenKeys();
  useIdle();
  const shut = useOperators((state) => isShut(state.status));
  const screen = useSession((state) => state.screen);
  const connection = useStation((state) => state.connection);
  const kiosk = useOperators((state) => state.status?.kiosk ?? false);
  // Until the station has said whom this window serves, it serves nobody: a visitor must not see the desk go by.
  const unknown = useOperators((state) => state.status === null);
  const loading = useStation((state) => state.status === 'loading');
  useEffect(() => {
    // A new screen begins at its top, wherever the last one had been scrolled to.
    if (screen) window.scrollTo(0, 0);
  }, [screen]);
  if (kiosk)
    return (
      <Suspense fallback={<div className={styles.app} />}>
        <Kiosk />
      </Suspense>
    );
  if (unknown && loading && connection.state !== 'refused') return <div className={styles.app} />;
  return (
    <div className={styles.app} data-screen={shut ? 'sign-in' : screen}>
      <Header />
      <ConnectionBanner />
      <main className={styles.main}>
        {connection.state === 'refused' ? (
          <Refused reason={connection.reason} />
        ) : shut ? (
          <SignIn />
        ) : (
          <Suspense>
            <CurrentScreen />
          </Suspense>
        )}
      </main>
      <LeaveQuestion />
      <StepUpDialog />
    </div>
  );
}

function CurrentScreen() {
  const screen = useSession((state) => state.screen);
  switch (screen) {
    case 'welcome':
      return <Welcome />;
    case 'capture':
      return <Capture />;
    case 'review':
      return <Review />;
    case 'details':
      return <Details />;
    case 'receipts':
      return <Receipts />;
    case 'people':
      return <People />;
    case 'person':
      return <PersonPage />;
    case 'gates':
      return <Gates />;
    case 'today':
      return <Today />;
    case 'import':
      return <ImportScreen />;
    case 'settings':
      return <Settings />;
  }
}

/** The page speaks the language of the settings, and says so to the browser. */
function useLanguage(): void {
  const { i18n } = useTranslation();
  const usual = useStation((state) => state.settings.language);
  const visitor = useKiosk((state) => state.flow.language);
  const chosen = visitor ?? usual;
  useEffect(() => {
    const language = chosen ?? systemLanguage(navigator.languages);
    speak(language).catch(() => undefined);
  }, [chosen]);
  useEffect(() => {
    document.documentElement.lang = i18n.locale;
    document.documentElement.dir = new Intl.Locale(i18n.locale).getTextInfo().direction ?? 'ltr';
  }, [i18n]);
}

/** Starts the engine once the first screen has been painted. */
function useWarmEngine(): void {
  const warm = useEngine((state) => state.warm);
  useEffect(() => {
    const timer = setTimeout(() => {
      warm();
      void fetchLaterScreens();
    }, 200);
    return () => clearTimeout(timer);
  }, [warm]);
}
