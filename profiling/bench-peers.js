/** touchline beside other WebSocket servers: `npm run bench:peers` */
import { launch } from './launch.js';

await launch('bench/peers/main');
