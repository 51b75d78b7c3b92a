import('../dist/load-tests/cli/load-k6-main.js')
  .then(({ main }) => main(['matches', ...process.argv.slice(2)]))
  .catch((error) => {
    console.error(
      error.code === 'ERR_MODULE_NOT_FOUND' ? 'TL_NOT_BUILT: dist/ is missing: run npm run build.' : error,
    );
    process.exitCode = 3;
  });
