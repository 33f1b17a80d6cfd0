import { type ComponentType, lazy, type ReactNode, useReducer } from 'react';
import { Button } from '../components/button.tsx';
import { Problem } from '../components/problem.tsx';
import { fetchLanguages, useTranslation } from '../i18n/index.ts';

/**
 * Screens that nobody sees first: fetched when the first one has been painted, so that it waits for nothing but itself and they are there
 * when somebody touches for them.
 */
const desk = () => import('./desk.ts');
/** Invites in every language at once: it comes with all their words. */
const kiosk = async () => (await Promise.all([import('./kiosk/kiosk.tsx'), fetchLanguages()]))[0];

/** A screen of theirs. One that cannot be fetched says so in its place, and is fetched again when somebody asks for it. */
function later<M>(load: () => Promise<M>, pick: (screens: M) => () => ReactNode): () => ReactNode {
  const fetched = () =>
    lazy(async (): Promise<{ default: ComponentType<{ onAgain(): void }> }> => {
      const screens = await load().catch(() => null);
      return { default: screens === null ? Unfetched : pick(screens) };
    });
  let Screen = fetched();
  return function Later() {
    const [, drawAgain] = useReducer((count: number) => count + 1, 0);
    return (
      <Screen
        onAgain={() => {
          Screen = fetched();
          drawAgain();
        }}
      />
    );
  };
}

function Unfetched({ onAgain }: { onAgain(): void }) {
  const { t } = useTranslation();
  return (
    <Problem name="unfetched" icon="door" title={t('unfetched.title')} help={t('unfetched.help')}>
      <Button variant="primary" icon="refresh" data-testid="fetch-again" onClick={onAgain}>
        {t('unfetched.again')}
      </Button>
    </Problem>
  );
}

export const Capture = later(desk, (screens) => screens.Capture);
export const Details = later(desk, (screens) => screens.Details);
export const Gates = later(desk, (screens) => screens.Gates);
export const ImportScreen = later(desk, (screens) => screens.ImportScreen);
export const Kiosk = later(kiosk, (screens) => screens.Kiosk);
export const People = later(desk, (screens) => screens.People);
export const PersonPage = later(desk, (screens) => screens.PersonPage);
export const Receipts = later(desk, (screens) => screens.Receipts);
export const Review = later(desk, (screens) => screens.Review);
export const Settings = later(desk, (screens) => screens.Settings);
export const Today = later(desk, (screens) => screens.Today);

/** Fetches them all, one after the other, and with the kiosk every language. What fails is fetched again when it is shown. */
export async function fetchLaterScreens(): Promise<void> {
  for (const load of [desk, kiosk]) await load().catch(() => undefined);
}
