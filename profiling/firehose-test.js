/** How many ticks a second arrive? `npm run profile:firehose -- --help` */
import { launch } from './launch.js';

await launch('cli/main', 'firehose');
