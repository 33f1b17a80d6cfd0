/**
 * What may be logged of an error: its kind and where it was thrown. Not its message: those of parsers and drivers quote what they
 * were given, which can be a person.
 */
export function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    error: error.name,
    ...('code' in error && { code: String(error.code) }),
    ...('errcode' in error && { errcode: Number(error.errcode) }),
    at: frames.slice(0, 5).map((line) => line.trim()),
  };
}
