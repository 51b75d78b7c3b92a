/** Which functions take the CPU? A flame graph by 0x: `npm run profile:flame -- --scenario broadcast --quick` */
import { launch } from './launch.js';

await launch('cli/main', 'flame');
