/** How fast can one match be broadcast? `npm run profile:broadcast -- --help` */
import { launch } from './launch.js';

await launch('cli/main', 'broadcast');
