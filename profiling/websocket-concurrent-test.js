/** How many connections does the server hold? `npm run profile:concurrency -- --help` */
import { launch } from './launch.js';

await launch('cli/main', 'concurrency');
