import { useShallow } from 'zustand/react/shallow';
import type { KioskPurpose } from '#shared/calls/kiosk';
import type { PlatformView } from '#shared/contract';
import { useStation } from '../stores/station.ts';
import { chosenPlatforms } from './person-draft.ts';

/** What a kiosk can offer of what the site wants it to: a purpose needs a system that takes such people. */
export function offeredPurposes(
  wanted: readonly KioskPurpose[],
  platforms: readonly PlatformView[],
  targets: readonly string[] | null,
): KioskPurpose[] {
  const takes = (kind: 'staff' | 'visitor') => chosenPlatforms({ kind, to: null }, platforms, targets).length > 0;
  return wanted.filter((purpose) => takes(purpose === 'visit' ? 'visitor' : 'staff'));
}

export function useKioskPurposes(): KioskPurpose[] {
  return useStation(
    useShallow(({ settings, platforms }) => offeredPurposes(settings.kioskPurposes, platforms, settings.targets)),
  );
}
