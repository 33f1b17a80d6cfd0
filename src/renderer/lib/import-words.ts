import { type ImportReason, reasonKey } from '#shared/calls/import';
import type { Fault } from '#shared/fault';
import { adviceFor } from '#shared/guidance';
import { type MeasureName, unknownMeasures } from '#shared/measures';
import { type I18n, lookUp } from '../i18n/index.ts';
import { type FaultWords, faultWords } from './fault-words.ts';
import { formatList } from './format.ts';
import { brokenRule } from './problem-words.ts';

/** What a field of a person is called in a table. */
export function importField(i18n: I18n, field: string): string {
  return lookUp(i18n, 'import', ['field', field]) ?? lookUp(i18n, 'details', ['field', ...field.split('.')]) ?? field;
}

const MEASURES: ReadonlySet<string> = new Set([...Object.keys(unknownMeasures()), 'faces']);
const isMeasure = (name: string): name is MeasureName | 'faces' => MEASURES.has(name);

function fieldWords(i18n: I18n, { code, field = '', message }: ImportReason): string {
  const label = importField(i18n, field);
  const own = code === 'invalid' ? null : lookUp(i18n, 'import', ['reason', 'field', code], { field: label });
  if (own !== null) return own;
  const broken = brokenRule(message);
  if (broken !== null)
    return i18n.t('import:reason.field.rule', {
      field: label,
      rule: i18n.t(`details:rule.${broken.rule}`, broken.values),
    });
  const said = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
  return i18n.t('import:reason.field.invalid', { field: label, message: said });
}

function wordsOf(i18n: I18n, reason: ImportReason): string {
  const { kind, code, value = null, limit = {}, lines, message } = reason;
  if (kind === 'field') return fieldWords(i18n, reason);
  if (kind === 'quality' && isMeasure(code)) {
    // With the value one can tell which side is wrong: too dark, not too dark or too bright.
    const known = value !== null && lookUp(i18n, 'review', ['reason', advised(code, value, limit), 'title']);
    return known || i18n.t(`import:measure.${code}`);
  }
  const shown = lines ? formatList(lines.map(String), i18n.locale) : '';
  if (shown !== '' && kind === 'code') return i18n.t('import:reason.code.duplicateOf', { lines: shown });
  if (shown !== '' && kind === 'face') return i18n.t('import:reason.face.sameAs', { lines: shown });
  return lookUp(i18n, 'import', ['reason', kind, code]) ?? message;
}

/** What the words of a camera would miss in a photo that is there already. */
const PLAIN: ReadonlySet<string> = new Set([
  'resolution',
  'compression',
  'confidence',
  'naturalColour',
  'backgroundUniformity',
]);

function advised(measure: MeasureName | 'faces', value: number, limit: NonNullable<ImportReason['limit']>): string {
  return PLAIN.has(measure) ? '' : adviceFor({ measure, value, limit: defined(limit) });
}

function defined({ min, max }: NonNullable<ImportReason['limit']>): { min?: number; max?: number } {
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}

/** Why a row is refused, or worth a look, in the reader's language. @param title what a platform is called */
function importReason(i18n: I18n, reason: ImportReason, title: (platform: string) => string): string {
  const { platform, kind, code } = reason;
  if (platform === undefined) return wordsOf(i18n, reason);
  if (kind === 'quality' && code === 'predicted')
    return i18n.t('import:reason.quality.predictedBy', { platform: title(platform) });
  return i18n.t('import:reason.by', { text: wordsOf(i18n, reason), platform: title(platform) });
}

/** Reasons of a row, those that say the same of several platforms once. */
export function importReasons(i18n: I18n, reasons: readonly ImportReason[], title: (id: string) => string): string[] {
  const groups = new Map<string, { reason: ImportReason; platforms: string[] }>();
  for (const reason of reasons) {
    const key = `${reasonKey(reason)}\n${reason.code}\n${wordsOf(i18n, reason)}`;
    const group = groups.get(key) ?? { reason, platforms: [] };
    if (reason.platform !== undefined) group.platforms.push(title(reason.platform));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ reason, platforms }) =>
    importReason(
      i18n,
      { ...reason, platform: platforms.length > 0 ? formatList(platforms, i18n.locale) : undefined },
      (list) => list,
    ),
  );
}

/** What all rows with a reason have in common, by its key as in the summary. */
export function reasonLabel(i18n: I18n, key: string): string {
  const [kind = '', ...rest] = key.split(':');
  const code = rest.join(':');
  if (kind === 'field') return i18n.t('import:reason.field.of', { field: importField(i18n, code) });
  if (kind === 'quality' && isMeasure(code)) return i18n.t(`import:measure.${code}`);
  return lookUp(i18n, 'import', ['reason', kind, code]) ?? key;
}

/** A fault of the import: by our words for its code, else as any other. */
export function importFault(i18n: I18n, fault: Fault): FaultWords {
  const own = (part: string) => lookUp(i18n, 'import', ['fault', fault.code, part]);
  const [title, help] = [own('title'), own('help')];
  return title !== null && help !== null ? { title, help, meaning: null } : faultWords(i18n, fault, null);
}
