/** How do the HTTP endpoints answer, as fast as they are asked? `npm run load:http -- --help` */
import { launch } from './launch.js';

await launch('cli/main', 'http');
