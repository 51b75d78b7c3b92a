/** Speed and memory, side by side with bare `ws`: `npm run bench` */
import { launch } from './launch.js';

await launch('bench/main');
