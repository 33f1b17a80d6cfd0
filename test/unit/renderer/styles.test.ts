import { glob, readFile } from 'node:fs/promises';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** What no compiler finds: sides that would be the wrong ones where people read from right to left, and words that nobody can translate. */

const read = async (pattern: string) => {
  const files: [string, string][] = [];
  for await (const file of glob(pattern)) files.push([file, await readFile(file, 'utf8')]);
  return files.toSorted(([a], [b]) => a.localeCompare(b));
};

const SIDE =
  /^(left|right|float|clear|(scroll-)?(margin|padding)-(left|right)|border-(left|right)(-\w+)?|border-(top|bottom)-(left|right)-radius)$/;

/** Declarations of a style sheet that mean a side of the screen instead of a side of the line. */
function sided(css: string): string[] {
  const declarations = css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([a-z-]+)\s*:\s*([^;{}]+);/g);
  return [...declarations].flatMap(([all, property = '', value = '']) => {
    // Spaces within `clamp(…)` part no values.
    let plain = value;
    while (/\([^()]*\)/.test(plain)) plain = plain.replace(/\([^()]*\)/g, '');
    const [, right, , left] = plain.trim().split(/\s+/);
    const uneven = /^(margin|padding|inset)$/.test(property) && left !== undefined && left !== right;
    const aligned = /^(text-align|justify-\w+)$/.test(property) && /\b(left|right)\b/.test(value);
    const beside = property === 'position-area' && /\b(span-)?(left|right)\b/.test(value);
    const gradient = /gradient\(\s*to (left|right)/.test(value);
    return SIDE.test(property) || uneven || aligned || beside || gradient ? [all] : [];
  });
}

describe('style sheets', () => {
  it('know the sides of a line, not of the screen', async () => {
    const sheets = await read('{src/renderer/**,resources}/*.css');
    expect(sheets.length).toBeGreaterThan(30);
    expect(sheets.flatMap(([file, css]) => sided(css).map((found) => `${file}: ${found}`))).toEqual([]);
  });

  it('are told where they do', () => {
    const wrong = [
      'margin-left: 1px;',
      'left: 0;',
      'padding: 0 1px 0 2px;',
      'text-align: right;',
      'border-left: 0;',
      'position-area: bottom span-right;',
    ];
    expect(sided(`.a { ${wrong.join(' ')} }`)).toEqual(wrong);
    expect(sided('.a { margin-inline: 1px; padding: 0 clamp(1px, 2px, 3px) 0; inset: 0 1px 2px 1px; }')).toEqual([]);
  });
});

/** Attributes that somebody reads or hears. */
const TOLD = new Set(['aria-label', 'aria-description', 'title', 'placeholder', 'alt', 'label']);

/** Words written into a component instead of a language's file. */
function hardWords(file: string, source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    // What is typed into a terminal is the same in every language.
    if (ts.isJsxElement(node) && node.openingElement.tagName.getText() === 'code') return;
    const text = ts.isJsxText(node)
      ? node.text
      : ts.isJsxAttribute(node) &&
          TOLD.has(node.name.getText()) &&
          node.initializer &&
          ts.isStringLiteral(node.initializer)
        ? node.initializer.text
        : '';
    if (/\p{L}{2}/u.test(text)) found.push(`${file}: ${text.trim()}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return found;
}

describe('components', () => {
  it('have no words of their own', async () => {
    const components = await read('src/renderer/**/*.tsx');
    expect(components.length).toBeGreaterThan(60);
    expect(components.flatMap(([file, source]) => hardWords(file, source))).toEqual([]);
  });

  it('are told where they have', () => {
    expect(hardWords('a.tsx', 'const a = <p title="Close">Hello {name} · 1</p>;')).toEqual([
      'a.tsx: Close',
      'a.tsx: Hello',
    ]);
  });
});
