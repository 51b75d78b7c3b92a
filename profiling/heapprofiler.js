/** Which functions allocate? By clinic heapprofiler: `npm run profile:heapprofiler -- --scenario broadcast --quick` */
import { launch } from './launch.js';

await launch('cli/main', 'heapprofiler');
