/** Does the server give back what its connections took? `npm run profile:memory -- --help` */
import { launch } from './launch.js';

await launch('cli/main', 'memory');
