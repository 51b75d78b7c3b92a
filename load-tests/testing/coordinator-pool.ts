/** Generators that the tests of a file take in turn: to fork the workers anew takes longer than many a test. */

import { afterAll } from 'vitest';
import { LoadCoordinator } from '../../dist/load-tests/generator/coordinator.js';

interface Idle {
  readonly workers: number;
  readonly coordinator: LoadCoordinator;
}

/** Made at the top of a test file; its generators end with the last test. */
export class CoordinatorPool {
  readonly #idle: Idle[] = [];

  constructor() {
    afterAll(async () => {
      await Promise.all(this.#idle.splice(0).map(({ coordinator }) => coordinator.stop()));
    });
  }

  /**
   * Runs `use` with a generator of so many workers, which nobody else has meanwhile.
   * What failed is ended, not used again.
   */
  async use<Result>(
    workers: number,
    use: (coordinator: LoadCoordinator) => Promise<Result>,
  ): Promise<Result> {
    const coordinator = this.#takeIdle(workers) ?? (await LoadCoordinator.start({ workers }));
    try {
      const result = await use(coordinator);
      this.#idle.push({ workers, coordinator });
      return result;
    } catch (error) {
      await coordinator.stop();
      throw error;
    }
  }

  #takeIdle(workers: number): LoadCoordinator | undefined {
    const index = this.#idle.findIndex((idle) => idle.workers === workers);
    return index < 0 ? undefined : this.#idle.splice(index, 1)[0]?.coordinator;
  }
}
