/** Names what leaks between heap snapshots of any Node program: `npm run heap:diff -- --help` */
import { launch } from './launch.js';

await launch('cli/heap-diff-command');
