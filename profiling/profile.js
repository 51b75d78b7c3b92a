/** Every scenario there is, quick: `npm run profile` */
import { launch } from './launch.js';

await launch('cli/main', 'profile');
