/** The station's limit for one picture (contract.ts, `photo.submit`). */
export const MAX_PHOTO_BYTES = 50 * 1024 * 1024;
