import { expect, it } from 'vitest';
import { describeForm } from '#platforms/core/form';
import { PLATFORMS } from '#platforms/index';
import {
  draftOf,
  entryNames,
  freeId,
  isChanged,
  listText,
  textList,
  typedOf,
} from '../../../src/renderer/lib/site-form.ts';

const fields = describeForm(PLATFORMS.senselink);

it('what is shown and not touched is sent as it was; what is empty is not sent', () => {
  const values = { baseUrl: 'https://a.example', appKey: 'k', 'groupIds.staff': [1, 2], createDepartments: true };
  const typed = typedOf(fields, values);
  expect(typed).toMatchObject({ 'groupIds.staff': ['1', '2'], pushPort: '', 'groupIds.visitor': [] });
  expect(draftOf('senselink', fields, typed, { appSecret: '' }, null)).toEqual({
    kind: 'senselink',
    values,
    secrets: {},
  });
});

it('numbers are numbers; what is none goes as it is, so that the station can say so', () => {
  const typed = { ...typedOf(fields, {}), pushPort: ' 9001 ', 'groupIds.staff': ['7', 'x'], appKey: '  k ' };
  const { values } = draftOf('senselink', fields, typed, {}, null);
  expect(values).toEqual({ pushPort: 9001, 'groupIds.staff': [7, 'x'], appKey: 'k' });
  expect(draftOf('senselink', fields, { ...typed, pushPort: 'many' }, {}, null).values.pushPort).toBe('many');
});

it('a secret is only sent where it was typed, and never trimmed', () => {
  const { secrets } = draftOf('senselink', fields, typedOf(fields, {}), { appSecret: ' s ', other: '' }, null);
  expect(secrets).toEqual({ appSecret: ' s ' });
});

it('lists are read as people write them', () => {
  expect(textList(listText(['1', '2']))).toEqual(['1', '2']);
  expect(textList('1，2; 3\n4')).toEqual(['1', '2', '3', '4']);
  expect(textList('  ')).toEqual([]);
});

it('a new platform gets a name nobody has', () => {
  expect(freeId('device', [])).toBe('device');
  expect(freeId('device', ['device', 'device-2', 'hcp'])).toBe('device-3');
});

it('entries of a tree are told apart by what is above them, whatever the tree is like', () => {
  const tree = [
    { id: '1', name: 'Site', parent: null },
    { id: '2', name: 'Staff', parent: '1' },
    { id: '3', name: 'Staff', parent: 'gone' },
  ];
  expect(entryNames(tree).map(({ name }) => name)).toEqual(['Site', 'Site / Staff', 'Staff']);
  const circle = entryNames([
    { id: 'a', name: 'A', parent: 'b' },
    { id: 'b', name: 'B', parent: 'a' },
  ]);
  expect(circle).toHaveLength(2);
});

it('a form is changed by what the station would take otherwise, and by nothing else', () => {
  const was = {
    values: { baseUrl: 'https://a.example', 'groupIds.staff': [1, 2], createDepartments: true },
    id: 'face',
  };
  const typed = typedOf(fields, was.values);
  const now = { typed, secrets: {}, caPem: null, id: 'face' };
  expect(isChanged(fields, was, now)).toBe(false);
  expect(isChanged(fields, was, { ...now, typed: { ...typed, baseUrl: ' https://a.example' }, id: 'face ' })).toBe(
    false,
  );
  expect(isChanged(fields, was, { ...now, secrets: { appSecret: '' } })).toBe(false);
  expect(isChanged(fields, was, { ...now, typed: { ...typed, baseUrl: '' } })).toBe(true);
  expect(isChanged(fields, was, { ...now, typed: { ...typed, 'groupIds.staff': ['1'] } })).toBe(true);
  expect(isChanged(fields, was, { ...now, typed: { ...typed, createDepartments: false } })).toBe(true);
  expect(isChanged(fields, was, { ...now, secrets: { appSecret: ' ' } })).toBe(true);
  expect(isChanged(fields, was, { ...now, caPem: '-----BEGIN' })).toBe(true);
  expect(isChanged(fields, was, { ...now, id: 'face-2' })).toBe(true);
});
