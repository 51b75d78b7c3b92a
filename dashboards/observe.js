/** Server, Prometheus and Grafana, as far as they are here, until Ctrl-C: `npm run observe` */
import { existsSync } from 'node:fs';

const compiled = new URL('../dist/dashboards/observe/main.js', import.meta.url);
if (existsSync(compiled)) {
  const { main } = await import(compiled.href);
  await main();
} else {
  console.error('TL_NOT_BUILT: dist/ is missing or incomplete. Run npm run build, then try again.');
  process.exitCode = 1;
}
