/** Judges and renders a run again: `npm run report -- run.json` */
import { launch } from './launch.js';

await launch('cli/main', 'report');
