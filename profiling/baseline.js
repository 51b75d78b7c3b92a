/** Every scenario in full size, written down as BASELINE.md: `npm run baseline` */
import { launch } from './launch.js';

await launch('cli/main', 'baseline');
