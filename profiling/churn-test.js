/** What do connections that come, go, break and reconnect leave behind? `npm run profile:churn -- --help` */
import { launch } from './launch.js';

await launch('cli/main', 'churn');
