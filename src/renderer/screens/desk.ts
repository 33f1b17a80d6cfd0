/**
 * The desk's screens but the first, in one script: in ten of their own they would weigh more, and all are fetched as soon as the first one
 * has been painted anyway.
 */
export { Capture } from './capture.tsx';
export { Details } from './details.tsx';
export { Gates } from './gates/gates.tsx';
export { ImportScreen } from './import/import.tsx';
export { People } from './people.tsx';
export { PersonPage } from './person.tsx';
export { Receipts } from './receipts.tsx';
export { Review } from './review.tsx';
export { Settings } from './settings.tsx';
export { Today } from './today.tsx';
