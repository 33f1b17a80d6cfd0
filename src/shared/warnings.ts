/**
 * Things a platform's enrolment may carry that went well enough but that somebody should know: English as receipts, the command line and the
 * journal have them, by the code that screens translate by. What a platform said itself may follow after a colon.
 */
export const WARNINGS = {
  'hcp-remark-dropped': 'the remark is too long to stand beside the picture’s version and was left out',
  'hcp-remark-cut': 'the remark is longer than HikCentral keeps and was cut',
  'hcp-3651': 'HikCentral answered 3651 when the doors were told; the person is there, check that a door has the face',
  'senselink-no-end': 'SenseLink keeps no end date for staff: the person stays until removed',
  'senselink-departments-untold': 'SenseLink did not tell its departments, and the person was put into none',
  'senselink-departments-several':
    'SenseLink has several departments of that name: the person was put into none; use its code',
  'senselink-department-unknown': 'SenseLink has no such department: the person was put into none',
  'megvii-no-end': 'this platform keeps no period of validity for staff: the person stays valid until removed',
  'megvii-company-shortened': 'the visitor’s company was shortened to the letters and digits this platform takes',
  'megvii-department-unknown':
    'the box has no organisation of the person’s department: the person was put where the configuration says, or stayed',
  'megvii-departments-several':
    'several organisations on the box have the name of the person’s department: none was chosen',
  'hikconnect-no-card': 'the face is enrolled, but not the card',
  'hikconnect-no-door': 'no accessLevelIds are configured: the person is on the platform but reaches no door',
  'hikconnect-pass-no-face': 'a temporary pass holds no face: this visitor opens doors by code or digits',
  'hikconnect-pass-no-door': 'no accessLevelIds are configured: the pass opens no door',
} as const;
export type WarningCode = keyof typeof WARNINGS;

/** What a warning is, and what the platform added to it; null for one that no version of this station knows. */
export function warningOf(text: string): { code: WarningCode; detail: string | null } | null {
  for (const [code, words] of Object.entries(WARNINGS) as [WarningCode, string][]) {
    if (text === words) return { code, detail: null };
    if (text.startsWith(`${words}: `)) return { code, detail: text.slice(words.length + 2) };
  }
  return null;
}
