import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { describeForm, told } from '#platforms/core/form';
import { PLATFORMS } from '#platforms/index';
import { LANGUAGES } from '#shared/languages';
import { type FormField, flattenEntry, nestValues } from '#shared/platform-form';

const forms = Object.values(PLATFORMS).map((definition) => [definition.kind, definition] as const);
const of = (kind: keyof typeof PLATFORMS): FormField[] => describeForm(PLATFORMS[kind]);
const shape = (field: FormField | undefined) =>
  field && { kind: field.kind, required: field.required, from: field.from };
const field = (fields: readonly FormField[], path: string) => fields.find((one) => one.path === path);

describe('a form is the schema', () => {
  test.each(forms)('%s: every field is described in every language', (_kind, definition) => {
    const fields = describeForm(definition);
    for (const { label, help, default: otherwise, choices } of fields)
      for (const language of LANGUAGES) {
        const texts = [label, help, ...(otherwise ? [otherwise] : []), ...choices.map((choice) => choice.label)];
        expect(texts.map((text) => text[language].trim())).not.toContain('');
      }
    expect(fields.filter(({ kind }) => kind === 'secret').map(({ path }) => path)).toEqual([...definition.secrets]);
  });

  test('kinds, what must be there, and where it is chosen from', () => {
    const hcp = of('hcp');
    expect(shape(field(hcp, 'baseUrl'))).toEqual({ kind: 'url', required: true, from: null });
    expect(shape(field(hcp, 'orgIndexCode'))).toEqual({
      kind: 'text',
      required: true,
      from: { list: 'departments', kind: null },
    });
    expect(shape(field(hcp, 'validity.days'))).toEqual({ kind: 'number', required: false, from: null });
    expect(field(hcp, 'validity.days')).toMatchObject({ min: 1, max: 3650 });
    expect(field(hcp, 'photoVersionIn')?.choices.map(({ value }) => value)).toEqual(['remark', 'none']);
    expect(shape(field(of('senselink'), 'groupIds.visitor'))).toEqual({
      kind: 'numbers',
      required: false,
      from: { list: 'groups', kind: 'visitor' },
    });
    expect(field(of('hikconnect'), 'accessLevelIds')?.kind).toBe('texts');
    expect(field(of('device'), 'allowHttp')).toMatchObject({ kind: 'flag', section: 'trust' });
    expect(field(of('device'), 'kind')).toBeUndefined();
  });

  test('a field nobody described, and one a form cannot ask for, are told by name', () => {
    const words = { en: 'a', 'zh-CN': '甲' };
    expect(() => describeForm({ config: z.object({ other: z.string() }), secrets: [] })).toThrow(/"other"/);
    const odd = z.object({ odd: told(z.date(), { label: words, help: words }) });
    expect(() => describeForm({ config: odd, secrets: [] })).toThrow(/"odd"/);
  });
});

test('values go to their places and back; what is empty is left out', () => {
  const fields = of('senselink');
  const values = { baseUrl: 'https://a.example', appKey: 'k', 'groupIds.staff': [1, 2], pushPort: 9001 };
  const entry = nestValues({ ...values, avatarPath: '', 'groupIds.visitor': [], unknown: 'x' }, fields);
  expect(entry).toEqual({ baseUrl: 'https://a.example', appKey: 'k', groupIds: { staff: [1, 2] }, pushPort: 9001 });
  expect(flattenEntry({ ...entry, appSecret: { env: 'NAME' } }, fields)).toEqual(values);
});
