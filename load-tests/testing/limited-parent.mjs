/** A program that runs one plan and tells its result, for a test to start under limits of its own. */

import { LoadCoordinator } from '../../dist/load-tests/generator/coordinator.js';

process.once('message', async (plan) => {
  const coordinator = await LoadCoordinator.start({ workers: 1 });
  try {
    process.send(await coordinator.run(plan, { phase: () => undefined, progress: () => undefined }));
  } catch (error) {
    process.send({ failure: error.message });
  }
  await coordinator.stop();
  process.disconnect();
});
