/** What the boards' queries cost on an hour of data: `npm run bench:queries` */
import { main } from '../dist/dashboards/bench/query-cost.js';

await main();
