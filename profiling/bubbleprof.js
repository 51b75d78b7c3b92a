/** Where does the server wait? By clinic bubbleprof: `npm run profile:bubbleprof -- --scenario broadcast --quick` */
import { launch } from './launch.js';

await launch('cli/main', 'bubbleprof');
