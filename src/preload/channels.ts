/** The two channels between Electron's main process and the preload: one for every call, one for every event. */
export const CALL_CHANNEL = 'vestibule:call';
export const EVENT_CHANNEL = 'vestibule:event';
