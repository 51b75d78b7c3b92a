/** How fast and how lean snapshots are compared: `npm run bench:heap` */
import { launch } from './launch.js';

await launch('bench/heap/main');
