/** Said where a station is started for visitors with nothing to keep them in it. */
export const UNGUARDED_KIOSK =
  'Warning: this kiosk has no PIN, so it stays closed to visitors. Set one on its screen, or add an operator: vestibule operators add';
