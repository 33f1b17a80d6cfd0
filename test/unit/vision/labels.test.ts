import { describe, expect, it } from 'vitest';
import { parseLabels } from '#vision/node/bench/labels';
import { subjectsOf } from '#vision/node/bench/subjects';
import { label } from './support/outcomes.ts';

const HEAD =
  'file,expected_faces,yaw_deg,pitch_deg,roll_deg,pose_kind,categories,expected_verdict,reject_reasons,notes';

describe('parseLabels', () => {
  it('reads quoted fields, empty numbers, a byte-order mark and Windows line ends', () => {
    const { labels, problems } = parseLabels(
      `\uFEFF${HEAD}\r\n"dir\\a, b.jpg",1,,-3.5,0,exact,"frontal;""x""",pass,,n\r\n\r\nc.png,,,,,,,reject,Blur;dark,\r\n`,
    );
    expect(problems).toEqual([]);
    expect(labels).toMatchObject([
      {
        line: 2,
        file: 'dir/a, b.jpg',
        source: 'dir',
        expectedFaces: 1,
        yaw: null,
        pitch: -3.5,
        roll: 0,
        poseKind: 'exact',
        expectedVerdict: 'pass',
        rejectReasons: [],
        category: 'pass: frontal;"x"',
        notes: 'n',
      },
      { line: 4, file: 'c.png', rejectReasons: ['blur', 'dark'], category: 'reject: Blur;dark' },
    ]);
  });

  it('needs two columns only, in any order, and takes semicolons and UTF-16', () => {
    expect(parseLabels('expected_verdict;File\npass;a.jpg\n').labels).toMatchObject([
      { file: 'a.jpg', expectedVerdict: 'pass', yaw: null, expectedFaces: null, category: 'pass: unlabelled' },
    ]);
    const utf16 = Buffer.from('\uFEFFfile,expected_verdict\na.jpg,either\n', 'utf16le');
    expect(parseLabels(utf16).labels).toMatchObject([{ file: 'a.jpg', expectedVerdict: 'either' }]);
  });

  it('names the line of a row that cannot be used and goes on', () => {
    const { labels, problems } = parseLabels(
      `${HEAD}\na.jpg,1,,,,,,perhaps,,\n,1,,,,,,pass,,\nshort.jpg\nb.jpg,1,,,,,,PASS,,,more\n`,
    );
    expect(labels.map(({ file }) => file)).toEqual(['b.jpg']);
    expect(problems).toEqual([
      { line: 2, file: 'a.jpg', message: 'expected_verdict is perhaps, not pass, reject or either' },
      { line: 3, file: '', message: 'the row names no file' },
      { line: 4, file: 'short.jpg', message: 'expected_verdict is missing, not pass, reject or either' },
    ]);
  });

  it('refuses what is no table of labels', () => {
    expect(() => parseLabels('file,notes\na,b\n')).toThrow('no column expected_verdict');
    expect(() => parseLabels('')).toThrow('no column file');
    expect(() => parseLabels(`${HEAD}\n"a.jpg,1\n`)).toThrow('labels.csv cannot be read');
  });
});

describe('subjectsOf', () => {
  it('gives an altered picture the person, base and group of the picture it was made from', () => {
    const base = label('d/025_base.jpg', { notes: 'id=025 eth=black' });
    const blurred = label('d/025_blur.jpg', { expectedVerdict: 'reject', notes: 'gaussian sigma=2.0px=0.02 IED' });
    const longer = label('d/0251_blur.jpg', { notes: 'gaussian sigma=2.0px=0.02 IED' });
    const elsewhere = label('e/025_x.jpg', { notes: 'eth=white' });
    const subjects = subjectsOf([blurred, base, longer, elsewhere]);
    expect(subjects.get(blurred)).toEqual({ person: 'd/025', base, group: 'black' });
    expect(subjects.get(base)).toEqual({ person: 'd/025', base, group: 'black' });
    expect(subjects.get(longer)).toEqual({ person: null, base: null, group: null });
    expect(subjects.get(elsewhere)).toEqual({ person: null, base: null, group: 'white' });
  });

  it('takes the pictures of a source that says so for one person’s', () => {
    const [left, right] = ['w/left.jpg', 'w/right.jpg'].map((file) =>
      label(file, { source: 'webcam', notes: 'same man, 640x480' }),
    );
    if (!left || !right) throw new Error('two labels were made');
    const subjects = subjectsOf([left, right]);
    expect(subjects.get(left)?.person).toBe('source webcam');
    expect(subjects.get(right)?.person).toBe('source webcam');
  });
});
