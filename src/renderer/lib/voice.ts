import { useEffect, useRef, useState } from 'react';

/** Somebody is told a new instruction at most this often. */
const SPEAK_EVERY_MS = 2600;

/** What is needed of a voice of the system. */
export interface Voice {
  lang: string;
  /** Made on this machine: what is said never leaves it. */
  localService: boolean;
  default: boolean;
}

/** The machine's own voice for a language; null where it has none. A voice of somebody's server would be told who stands here. */
export function voiceFor<V extends Voice>(voices: readonly V[], language: string): V | null {
  const base = (tag: string) => tag.toLowerCase().replace('_', '-').split('-')[0];
  const own = voices.filter(({ lang, localService }) => localService && base(lang) === base(language));
  const exact = own.filter(({ lang }) => lang.toLowerCase().replace('_', '-') === language.toLowerCase());
  const among = exact.length > 0 ? exact : own;
  return among.find((voice) => voice.default) ?? among[0] ?? null;
}

function synthesis(): SpeechSynthesis | null {
  return typeof speechSynthesis === 'undefined' ? null : speechSynthesis;
}

/** Says a text in place of whatever is being said. */
export function say(text: string, language: string): void {
  const speech = synthesis();
  const voice = speech && voiceFor(speech.getVoices(), language);
  if (!speech || !voice) return;
  speech.cancel();
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  speech.speak(utterance);
}

/** Nothing more is said. */
export function hush(): void {
  synthesis()?.cancel();
}

/** Whether this machine can speak a language by itself. Systems tell their voices late. */
export function useHasVoice(language: string): boolean {
  const [has, setHas] = useState(false);
  useEffect(() => {
    const speech = synthesis();
    if (!speech) return;
    const look = () => setHas(voiceFor(speech.getVoices(), language) !== null);
    look();
    speech.addEventListener('voiceschanged', look);
    return () => speech.removeEventListener('voiceschanged', look);
  }, [language]);
  return has;
}

/** Says a text whenever it has changed, at a bearable pace and always ending at the newest. */
export function useSpoken(text: string, language: string, on: boolean): void {
  const saidAt = useRef(0);
  useEffect(() => {
    if (!on || text === '') return;
    const wait = Math.max(0, saidAt.current + SPEAK_EVERY_MS - performance.now());
    const timer = setTimeout(() => {
      saidAt.current = performance.now();
      say(text, language);
    }, wait);
    return () => clearTimeout(timer);
  }, [text, language, on]);
  useEffect(() => (on ? hush : undefined), [on]);
}
