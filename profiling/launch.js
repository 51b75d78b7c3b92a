/** Starts a compiled command of dist/profiling, or says in a sentence that dist/ is missing. */
import { existsSync } from 'node:fs';

const EXIT_RUN_ERROR = 3;

/**
 * @param {string} module path of the compiled module below dist/profiling, without extension
 * @param {...string} args handed to its `main`, where it exports one
 */
export async function launch(module, ...args) {
  const compiled = new URL(`../dist/profiling/${module}.js`, import.meta.url);
  if (!existsSync(compiled)) {
    console.error('TL_NOT_BUILT: dist/ is missing or incomplete. Run npm run build, then try again.');
    process.exitCode = EXIT_RUN_ERROR;
    return;
  }
  const { main } = await import(compiled.href);
  if (main !== undefined) await main(...args);
}
