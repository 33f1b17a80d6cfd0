import type { PlatformView } from '#shared/contract';
import type { Fault } from '#shared/fault';
import { type I18n, lookUp, useTranslation } from '../i18n/index.ts';

export interface FaultWords {
  title: string;
  help: string;
  /** What the platform's code means, where we know it. */
  meaning: string | null;
}

/** A fault in the reader's language: by its code where we have words for that, else by its kind. */
export function faultWords(i18n: I18n, fault: Fault, platformKind: string | null): FaultWords {
  const own = (part: string) => lookUp(i18n, 'fault', ['code', fault.code, part]);
  return {
    title: own('title') ?? i18n.t(`fault:${fault.kind}.title`),
    help: own('help') ?? i18n.t(`fault:${fault.kind}.help`),
    meaning:
      platformKind === null
        ? null
        : (codeMeaning(i18n, platformKind, `${fault.code}:${fault.kind}`) ??
          codeMeaning(i18n, platformKind, fault.code)),
  };
}

/** What a platform's own code means, in the reader's language; null where we have no words for it. `128:quality` is a code of one kind only. */
export function codeMeaning(i18n: I18n, platformKind: string, code: string | number): string | null {
  return lookUp(i18n, 'platformCode', [platformKind, String(code)]);
}

/** `faultWords` for components. */
export function useFaultWords(): (fault: Fault, platform?: PlatformView | null) => FaultWords {
  const { i18n } = useTranslation();
  return (fault, platform = null) => faultWords(i18n, fault, platform?.kind ?? null);
}

export interface PictureWords {
  title: string;
  help: string;
  /** What the station said, where the words do not say it already; in English. */
  detail: string | null;
}

/** Why a picture could not be looked at, and what to do, in the reader's language. */
export function pictureWords(i18n: I18n, fault: Fault): PictureWords {
  const own = (part: string) => lookUp(i18n, 'review', ['problem', fault.code, part]);
  const [title, help] = [own('title'), own('help')];
  if (title !== null && help !== null) return { title, help, detail: null };
  return { ...faultWords(i18n, fault, null), detail: fault.message };
}

/** `pictureWords` for components. */
export function usePictureWords(): (fault: Fault) => PictureWords {
  const { i18n } = useTranslation();
  return (fault) => pictureWords(i18n, fault);
}
