import { z } from 'zod';

/** The text a site asks people to agree to before they are enrolled, in the languages it has it in. Its version is kept with each enrolment. */
export const consentTextSchema = z.strictObject({
  version: z.string().trim().min(1).max(64),
  text: z
    .record(
      z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language tag'),
      z.string().trim().min(1).max(4_000),
    )
    .refine((texts) => Object.keys(texts).length > 0, 'at least one language'),
});
export type ConsentText = z.infer<typeof consentTextSchema>;

/** The text in a language: that one, another of the same family, English, or whatever there is. */
export function consentIn({ text }: ConsentText, language: string): string {
  const family = (tag: string) => tag.toLowerCase().split('-')[0];
  const near = Object.keys(text).find((tag) => family(tag) === family(language));
  return text[language] ?? (near && text[near]) ?? text.en ?? Object.values(text)[0] ?? '';
}
