import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CODES as DEVICE } from '#platforms/device/faults';
import { ACCESS_CODES, FACE_CODES, CODES as HCP } from '#platforms/hcp/faults';
import { QUALITY, CODES as SENSELINK } from '#platforms/senselink/faults';

/**
 * The error tables against the vendors' documents themselves, which are not part of this repository: in VESTIBULE_DOCUMENTS, or beside
 * the checkout. Where they are not, the tables are still held against the lists in the rooms' own tests.
 */
const FOLDER = process.env.VESTIBULE_DOCUMENTS ?? '../shared/platform-docs';
const there = existsSync(FOLDER);

function documentOf(start: string): string {
  const name = readdirSync(FOLDER).find((file) => file.startsWith(start));
  if (name === undefined) throw new Error(`no document ${start}`);
  return readFileSync(join(FOLDER, name), 'utf8');
}

/** The text between two headings, the headings' last occurrence: the first is in the table of contents. */
function between(text: string, from: string, to: string): string {
  const begin = text.lastIndexOf(from);
  const end = text.indexOf(to, begin);
  if (begin < 0 || end < 0) throw new Error(`${from} … ${to} is not in the document`);
  return text.slice(begin, end);
}

/** First column of a table's rows: a number that is a code. */
const codesOf = (text: string): string[] => [...text.matchAll(/^(\d{1,7})\t/gm)].map(([, code = '']) => code);

const unmapped = (codes: readonly string[], table: object) => codes.filter((code) => !Object.hasOwn(table, code));

describe.runIf(there)('no code of a document is unmapped', () => {
  test('the terminal, §7', () => {
    const codes = codesOf(between(documentOf('001'), '7. Corresponding Code of API Error', '8. Instructions for API'));
    expect(codes).toHaveLength(19);
    expect(unmapped(codes, DEVICE)).toEqual([]);
  });

  test('SenseLink, §5 and the tables of codes in §6', () => {
    const text = documentOf('002');
    const general = codesOf(between(text, 'API 错误对应码', 'API 使用说明'));
    expect(general).toHaveLength(20);
    const later = codesOf(text.slice(text.lastIndexOf('API 使用说明'))).filter((code) => /^\d{3,5}$/.test(code));
    // 200 is success; 101 and 10201 to 10407 are of the picture's quality (§6.6.2).
    const others = later.filter((code) => code !== '200' && !Object.hasOwn(QUALITY, code));
    expect(others).toContain('498');
    expect(unmapped([...general, ...others], SENSELINK)).toEqual([]);
  });

  test('SenseLink’s qa_code, §6.6.2', () => {
    const codes = codesOf(between(documentOf('002'), '返回码\t返回信息\t返回描述', '部门相关'));
    expect(codes).toContain('1030301');
    expect(
      unmapped(
        codes.filter((code) => code !== '0'),
        QUALITY,
      ),
    ).toEqual([]);
  });
});

/** HikCentral's document prints no codes; the notes that stand beside the documents gather those that servers were seen to give. */
const NOTES = join(FOLDER, '..', 'artemis.md');

test.runIf(existsSync(NOTES))('no code of the notes on HikCentral is unmapped', () => {
  const text = readFileSync(NOTES, 'utf8');
  const hexadecimal = [...text.matchAll(/\b0x[0-9a-f]{8}\b/gi)].map(([code]) => code.toLowerCase());
  const useful = between(text, 'Also useful:', 'Photo:');
  const decimal = [...useful.matchAll(/[:,] (\d{1,3}) [a-z]/gi)].map(([, code = '']) => code);
  expect(hexadecimal).toHaveLength(3);
  expect(decimal).toEqual(['3', '4', '6', '69', '129', '132']);
  // 0x00052101–03 is a range.
  const codes = [...hexadecimal, '0x00052102', '0x00052103', ...decimal, '128', '131'];
  for (const table of [HCP, FACE_CODES, ACCESS_CODES]) expect(unmapped(codes, table)).toEqual([]);
  const faceUpdate = between(text, '- face/update:', '- Also useful:');
  const face = [...faceUpdate.matchAll(/[:,] (\d{1,3}) [`a-z]/gi)].map(([, code = '']) => code);
  expect(face).toEqual(['128', '2', '5', '8']);
  expect(unmapped(face, FACE_CODES)).toEqual([]);
});
