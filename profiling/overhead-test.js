/** What do metrics, logs and profiling cost? `npm run profile:overhead -- --help` */
import { launch } from './launch.js';

await launch('cli/main', 'overhead');
