import { type ComponentType, lazy } from 'react';
import { fetchLanguages } from '../i18n/index.ts';

/**
 * Screens that nobody sees first: fetched when the first one has been painted, so that it waits for nothing but itself and they are there
 * when somebody touches for them.
 */
const waiting: (() => Promise<unknown>)[] = [];

function later(load: () => Promise<ComponentType>) {
  waiting.push(load);
  return lazy(async () => ({ default: await load() }));
}

export const Review = later(async () => (await import('./review.tsx')).Review);
export const Details = later(async () => (await import('./details.tsx')).Details);
export const Receipts = later(async () => (await import('./receipts.tsx')).Receipts);
export const Gates = later(async () => (await import('./gates/gates.tsx')).Gates);
export const ImportScreen = later(async () => (await import('./import/import.tsx')).ImportScreen);
/** Invites in every language at once: it comes with all their words. */
export const Kiosk = later(async () => {
  const [{ Kiosk }] = await Promise.all([import('./kiosk/kiosk.tsx'), fetchLanguages()]);
  return Kiosk;
});
export const People = later(async () => (await import('./people.tsx')).People);
export const PersonPage = later(async () => (await import('./person.tsx')).PersonPage);
export const Settings = later(async () => (await import('./settings.tsx')).Settings);
export const Today = later(async () => (await import('./today.tsx')).Today);

/** Fetches them all, one after the other, and with the kiosk every language. What fails is fetched again when it is shown. */
export async function fetchLaterScreens(): Promise<void> {
  for (const load of waiting) await load().catch(() => undefined);
}
