import { startElectron } from './electron/app.ts';

startElectron();
