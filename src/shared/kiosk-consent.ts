import type { Language } from './languages.ts';

/** What a consent text tells that the site's settings decide. Days are whole. */
export interface ConsentFacts {
  /** Titles of the systems that get photo and details. */
  systems: readonly string[];
  /** How long the photo is kept after the last system has it; 0 is at once. */
  deliveredPhotosDays: number;
  /** And where a system refused it. */
  failedPhotosDays: number;
  /** Details and receipts; null keeps them until somebody removes them. */
  receiptsDays: number | null;
  /** Whether the face is kept in numbers, to compare tables with that are imported later. */
  compared: boolean;
}

/** What a site's own text may name in braces. */
const CONSENT_PLACEHOLDERS = ['systems', 'photo', 'failed', 'receipts', 'compared'] as const;
type Placeholder = (typeof CONSENT_PLACEHOLDERS)[number];

/** The product's text: what is true of every site, with what differs filled in. Paragraphs are parted by an empty line. */
export const DEFAULT_CONSENT: Record<Language, string> = {
  en: `We take a photo of your face so that the doors here can recognise you.

Where it goes: your photo and the details you type are sent to {systems}. They keep them until you are removed there.

How long it stays here: the photo is stored encrypted on this station and deleted {photo}. If a system refuses it, it is deleted {failed}. Your details and the record of this registration, with the first time a door recognises you, are kept {receipts}. {compared}

Your choice: you can say no, and the desk will help you in another way. You can also ask the desk at any time to see what is stored about you, or to have it removed.

The version of this text and the time you agree are recorded.`,
  'zh-CN': `我们会拍摄您的面部照片，以便这里的门禁能够识别您。

发送到哪里：您的照片和您填写的信息会发送到 {systems}，并一直保存到您在这些系统中被删除为止。

在本机保存多久：照片加密保存在本机，{photo}删除。如果某个系统拒绝了照片，则{failed}删除。您的信息和本次登记的记录（包括门禁首次识别您的时间）{receipts}。{compared}

您的选择：您可以拒绝，前台会用其他方式为您办理。您也可以随时请前台告诉您保存了哪些信息，或将其删除。

本文本的版本和您同意的时间会被记录下来。`,
};

const WORDS: Record<
  Language,
  { none: string; atOnce: string; after(days: number): string; receipts(days: number | null): string; compared: string }
> = {
  en: {
    none: 'no system at present',
    atOnce: 'as soon as all of them have it',
    after: (days) => `after ${days} ${days === 1 ? 'day' : 'days'} at the latest`,
    receipts: (days) => (days === null ? 'until you are removed' : `for ${days} ${days === 1 ? 'day' : 'days'}`),
    compared:
      'Your face is also kept here as a row of numbers, encrypted and for as long as that record, to notice when a list of people has you a second time under another number.',
  },
  'zh-CN': {
    none: '（目前没有系统）',
    atOnce: '在所有系统收到后立即',
    after: (days) => `最迟在 ${days} 天后`,
    receipts: (days) => (days === null ? '会一直保存到您被删除为止' : `会保存 ${days} 天`),
    compared:
      '您的面部特征还会以一组数字加密保存在本机，保存时间与上述记录相同，用于发现导入的名单中是否有人以另一个编号重复登记了您。',
  },
};

/** A consent text with the site's facts in it. What stands in braces and is none of our placeholders stays as it is. */
export function fillConsent(template: string, facts: ConsentFacts, language: Language): string {
  const words = WORDS[language];
  const after = (days: number) => (days === 0 ? words.atOnce : words.after(days));
  const values: Record<Placeholder, string> = {
    systems:
      facts.systems.length === 0
        ? words.none
        : new Intl.ListFormat(language, { type: 'conjunction' }).format(new Set(facts.systems)),
    photo: after(facts.deliveredPhotosDays),
    failed: words.after(facts.failedPhotosDays),
    receipts: words.receipts(facts.receiptsDays),
    compared: facts.compared ? words.compared : '',
  };
  return (
    template
      .replace(/\{(\w+)\}/g, (whole, name: string) => (isPlaceholder(name) ? values[name] : whole))
      .replace(/\r\n?/g, '\n')
      // A sentence that is left out leaves no blank behind.
      .replace(/ +$/gm, '')
      .trim()
  );
}

/** What stands in braces in a site's own text and means nothing: most likely a slip of the pen. */
export function strangePlaceholders(template: string): string[] {
  const found = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  return [...new Set(found)].filter((name) => !isPlaceholder(name));
}

function isPlaceholder(name: string): name is Placeholder {
  return (CONSENT_PLACEHOLDERS as readonly string[]).includes(name);
}
