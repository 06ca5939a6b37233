import type { Output } from './output/types.js';

/** Gives the output up when the load fails. What made it fail is what is thrown; an error of giving up is its `suppressed`. */
export async function abortOnError<T>(output: Output, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    await output.abort().catch((suppressed: unknown) => {
      if (error instanceof Error) Object.assign(error, { suppressed });
    });
    throw error;
  }
}
