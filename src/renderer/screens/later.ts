import { type ComponentType, lazy } from 'react';
import { fetchLanguages } from '../i18n/index.ts';

/**
 * Screens that nobody sees first: fetched when the first one has been painted, so that it waits for nothing but itself and they are there
 * when somebody touches for them.
 */
const desk = () => import('./desk.ts');
/** Invites in every language at once: it comes with all their words. */
const kiosk = async () => (await Promise.all([import('./kiosk/kiosk.tsx'), fetchLanguages()]))[0];

function later<M>(load: () => Promise<M>, pick: (module: M) => ComponentType) {
  return lazy(async () => ({ default: pick(await load()) }));
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
