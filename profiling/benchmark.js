/** One rate of ticks to one reader: `npm run benchmark -- --mode tauri-rust --rate 500000 --duration 15` */
import { launch } from './launch.js';

await launch('cli/main', 'benchmark');
