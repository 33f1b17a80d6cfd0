/**
 * Every screen, dialog and state that is looked at in every way (`lookAround`), with the files of `src/renderer` that draw it. `language`: the
 * one it is reached in, where it has no switch (`both`: they stand beside each other there); else it is looked at in both.
 * `test/unit/renderer/accessibility.test.ts` holds this list to the specs, to the files there are, and to the table in docs/accessibility.md.
 */
export const SCREENS = {
  // The desk.
  welcome: {
    what: 'the start: systems, outbox, visitors, imports, whom it enrolled last',
    parts: ['screens/welcome*'],
  },
  'no-platforms': { what: 'the start of a station without systems', parts: ['components/problem'] },
  unfetched: { what: 'a screen that did not come', parts: ['components/problem'] },
  'connection-lost': { language: 'en', what: 'a station that does not answer', parts: ['components/connection'] },
  'link-used': { language: 'zh-CN', what: 'a link that was used already', parts: ['components/connection'] },
  'session-over': { language: 'en', what: 'a browser the station does not know', parts: ['components/connection'] },
  capture: { what: 'the camera, live', parts: ['screens/capture', 'capture/*'] },
  'presence-help': { what: 'the camera after every try at presence', parts: ['capture/presence-controls'] },
  'no-camera': { what: 'no camera', parts: ['screens/capture'] },
  review: { what: 'a good picture, and what systems may say to it', parts: ['screens/review'] },
  refused: { what: 'a picture that is refused, and why', parts: ['screens/review'] },
  unreadable: { what: 'a file that is no picture', parts: ['screens/review'] },
  details: {
    what: 'who it is: a visitor, with fields that are wrong',
    parts: ['screens/details*', 'components/suggest', 'components/steps'],
  },
  receipts: {
    what: 'five systems: delivered, waiting, asking, refused, at the door',
    parts: [
      'screens/receipt',
      'screens/receipts',
      'screens/receipt-question',
      'components/warnings',
      'components/state-mark',
    ],
  },
  'receipts-pin': { what: 'the PIN for an answer, wrong once', parts: ['components/pin-*'] },
  'receipts-proven': { what: 'a receipt with its proof at the gate', parts: ['components/gate-proof'] },
  'receipts-pass': { what: 'a visitor’s passes', parts: ['screens/receipts-pass'] },
  people: { what: 'people, found', parts: ['screens/people', 'components/search-field', 'components/list'] },
  'people-none': { what: 'people, nobody found', parts: ['screens/people'] },
  person: {
    what: 'one person, checked on every system',
    parts: ['screens/person', 'screens/person-platform', 'screens/person-history'],
  },
  'person-remove': {
    what: 'whether to remove somebody',
    parts: ['screens/person-remove', 'components/confirm-dialog'],
  },
  'person-removed': { what: 'what was removed and what was not', parts: ['screens/person-removed'] },
  visitors: { what: 'the day’s visitors', parts: ['screens/today', 'screens/today-row'] },
  'visitors-list': { what: 'a list of visitors with rows that are wrong', parts: ['screens/today-list'] },
  'visitors-leave': { what: 'whether a visitor leaves', parts: ['screens/today'] },
  'visitors-scanned': { what: 'the same, asked by a scanned badge', parts: ['screens/today'] },
  'visitors-badge': { what: 'a badge to print', parts: ['components/badge*'] },
  'visitors-register': { what: 'registering a visitor', parts: ['screens/today-register'] },
  'visitors-before': { what: 'somebody who was here before', parts: ['screens/today-register'] },
  gates: { what: 'the gates with passes, unknown people and doors', parts: ['screens/gates/*'] },
  'gates-empty': { what: 'the gates before anybody passed', parts: ['screens/gates/gates'] },
  'gates-door': { what: 'whether to open a door', parts: ['screens/gates/doors'] },
  'gates-off': { what: 'the gates with a system that does not answer', parts: ['screens/gates/watches'] },
  // The import.
  'import-files': {
    what: 'an import: a table and photos to choose',
    parts: ['screens/import/import', 'screens/import/files', 'screens/import/open-tables'],
  },
  'import-mapping': {
    what: 'an import: what the columns mean',
    parts: ['screens/import/mapping', 'screens/import/rules', 'screens/import/left-out', 'components/select'],
  },
  'import-checked': {
    what: 'an import: its rows, checked',
    parts: ['screens/import/rows', 'screens/import/filters', 'screens/import/status*'],
  },
  'import-row': { what: 'one row that was refused', parts: ['screens/import/row-dialog'] },
  'import-row-camera': { what: 'a row’s picture taken here', parts: ['screens/import/row-camera'] },
  'import-alike': { what: 'two rows alike, side by side', parts: ['screens/import/alike'] },
  'import-leave': { what: 'whether to leave good rows unsent', parts: ['components/leave-import'] },
  'import-cancel': { what: 'whether to give an import up', parts: ['screens/import/status-buttons'] },
  'import-done': { what: 'an import at its end', parts: ['screens/import/status'] },
  // Settings.
  settings: {
    what: 'the settings, with troubles in every part',
    parts: [
      'screens/settings',
      'screens/settings-form',
      'screens/settings-kiosk',
      'screens/settings-visits',
      'screens/settings-agreement',
      'screens/site/compare-desk',
    ],
  },
  'settings-pin': { what: 'a new PIN', parts: ['screens/settings-pin', 'components/new-pin-dialog'] },
  'settings-forget': { what: 'whether to forget what systems said of pictures', parts: ['screens/settings-agreement'] },
  'settings-consent': {
    what: 'the words visitors agree to, with a placeholder nobody knows',
    parts: ['screens/settings-kiosk-consent'],
  },
  'settings-quality': {
    what: 'limits tried on the live camera',
    parts: ['screens/site/quality', 'screens/site/live-preview'],
  },
  'settings-retention': { what: 'whether to keep photos for less long', parts: ['screens/site/retention'] },
  'settings-selftest': { what: 'the self-test with a system that is off', parts: ['screens/site/selftest'] },
  'settings-operators': { what: 'operators', parts: ['screens/settings-operators', 'screens/settings-systems'] },
  'settings-operators-add': {
    what: 'one more operator, with a name there is',
    parts: ['screens/settings-operators-add'],
  },
  'settings-key': { what: 'whether to change the key', parts: ['screens/settings-key'] },
  'settings-key-changed': { what: 'the key, changed', parts: ['screens/settings-key'] },
  'platform-form': {
    what: 'a system’s form with a trial that failed',
    parts: [
      'screens/site/form-dialog',
      'screens/site/field',
      'screens/site/trial',
      'screens/site/set-up',
      'screens/site/trust',
    ],
  },
  'platform-works': { what: 'a system’s form with a trial that worked', parts: ['screens/site/trial'] },
  'platform-remove': { what: 'whether to take a system out of use', parts: ['screens/site/remove-dialog'] },
  // Signing in.
  'sign-in': {
    what: 'who is at the desk',
    parts: ['screens/sign-in', 'components/header', 'components/language-switch'],
  },
  'sign-in-pin': { what: 'their PIN, wrong once', parts: ['screens/sign-in'] },
  locked: { what: 'a locked desk', parts: ['screens/sign-in', 'components/operator-chip'] },
  'operators-lost': { what: 'a station whose operators were lost', parts: ['screens/sign-in'] },
  'step-up': { what: 'a supervisor asked for', parts: ['components/step-up-dialog', 'components/modal'] },
  // The kiosk: each of them wide and upright.
  'kiosk-attract': {
    language: 'both',
    what: 'what a passer-by sees',
    parts: ['screens/kiosk/kiosk', 'screens/kiosk/attract', 'components/door-scene'],
  },
  'kiosk-attract-zh': {
    language: 'both',
    what: 'the same at a station that speaks Chinese',
    parts: ['screens/kiosk/attract'],
  },
  'kiosk-closed': { language: 'both', what: 'the same while nothing can be done', parts: ['screens/kiosk/attract'] },
  'kiosk-unguarded': { language: 'en', what: 'a kiosk without a PIN', parts: ['screens/kiosk/unguarded'] },
  'kiosk-unguarded-zh': { language: 'zh-CN', what: 'the same in Chinese', parts: ['screens/kiosk/unguarded'] },
  'kiosk-set-pin': { language: 'en', what: 'its PIN, chosen there', parts: ['components/new-pin-dialog'] },
  'kiosk-purpose': { what: 'what somebody is here for', parts: ['screens/kiosk/purpose'] },
  'kiosk-consent': { what: 'what they agree to', parts: ['screens/kiosk/consent'] },
  'kiosk-declined': { what: 'where a no leads', parts: ['screens/kiosk/consent'] },
  'kiosk-capture': { what: 'the camera, before nobody', parts: ['screens/kiosk/capture'] },
  'kiosk-lit': { what: 'the camera with the screen as a lamp', parts: ['screens/kiosk/capture'] },
  'kiosk-presence': {
    what: 'the camera asking for a movement',
    parts: ['screens/kiosk/capture', 'capture/instruction-line'],
  },
  'kiosk-no-camera': { what: 'no camera', parts: ['screens/kiosk/capture'] },
  'kiosk-checking': { what: 'a picture being looked at', parts: ['screens/kiosk/picture'] },
  'kiosk-retry': {
    what: 'a picture that did not do, beside a good example',
    parts: ['screens/kiosk/picture', 'screens/kiosk/good-example'],
  },
  'kiosk-confirm': { what: 'a good picture', parts: ['screens/kiosk/picture'] },
  'kiosk-details': {
    what: 'who they are, with the keyboard on the screen',
    parts: ['screens/kiosk/details', 'components/keyboard/*'],
  },
  'kiosk-digits': { what: 'a number, with keys of its own', parts: ['components/keyboard/keyboard'] },
  'kiosk-pinyin': { what: 'a name by pinyin', parts: ['components/keyboard/candidates'] },
  'kiosk-code': { what: 'somebody known, by their code', parts: ['screens/kiosk/details'] },
  'kiosk-code-unknown': { what: 'a code nobody has', parts: ['screens/kiosk/details'] },
  'kiosk-warning': { language: 'en', what: 'whether anybody is still there', parts: ['screens/kiosk/still-there'] },
  'kiosk-warning-zh': { language: 'zh-CN', what: 'the same in Chinese', parts: ['screens/kiosk/still-there'] },
  'kiosk-sending': { what: 'on its way to the systems', parts: ['screens/kiosk/done'] },
  'kiosk-done': { what: 'welcome', parts: ['screens/kiosk/done'] },
  'kiosk-handed-in': { what: 'a new picture handed in', parts: ['screens/kiosk/done'] },
  'kiosk-passes': { what: 'welcome, with passes', parts: ['screens/kiosk/done'] },
  'kiosk-desk': { what: 'a visit that people have to finish', parts: ['screens/kiosk/done'] },
  'kiosk-pin': { language: 'en', what: 'the staff’s way out', parts: ['screens/kiosk/leave'] },
  'kiosk-pin-zh': { language: 'zh-CN', what: 'the same in Chinese', parts: ['screens/kiosk/leave'] },
} as const satisfies Record<string, { what: string; parts: readonly string[]; language?: 'en' | 'zh-CN' | 'both' }>;

export type Screen = keyof typeof SCREENS;
