/** Strings, brackets, colons and commas of a JSON text; other values do not matter here. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/** Paths of object keys that a JSON text says more than once. The text must be JSON. */
export function duplicateKeys(json: string): string[] {
  const found: string[] = [];
  const levels: { keys: Set<string> | null; index: number; key: string }[] = [];
  const tokens = json.match(TOKEN) ?? [];
  tokens.forEach((token, at) => {
    const level = levels.at(-1);
    if (token === '{') levels.push({ keys: new Set(), index: 0, key: '' });
    else if (token === '[') levels.push({ keys: null, index: 0, key: '0' });
    else if (token === '}' || token === ']') levels.pop();
    else if (token === ',' && level?.keys === null) {
      level.index += 1;
      level.key = String(level.index);
    } else if (token.startsWith('"') && tokens[at + 1] === ':' && level?.keys) {
      level.key = String(JSON.parse(token));
      if (level.keys.has(level.key)) found.push(levels.map(({ key }) => key).join('.'));
      level.keys.add(level.key);
    }
  });
  return [...new Set(found)];
}
