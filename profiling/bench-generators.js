/** touchline's load generator beside others: `npm run bench:generators` */
import { launch } from './launch.js';

await launch('bench/generators/main');
