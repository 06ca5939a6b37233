import { ConfigurationError, JobsFileError } from '@loadin/config';
import { LoadinError } from '@loadin/pipeline';

export interface CheckLine {
  /** `bucket`, `Spotify`: what was looked at. */
  readonly name: string;
  readonly ok: boolean;
  /** What was found. */
  readonly detail: string;
  /** What to do when it is not OK. */
  readonly hint?: string;
}

/** Runs one check; what it throws becomes a line that says what to do. */
export async function line(name: string, check: () => Promise<string>): Promise<CheckLine> {
  try {
    return { name, ok: true, detail: await check() };
  } catch (error) {
    if (error instanceof ConfigurationError || error instanceof JobsFileError) return { name, ok: false, detail: error.report, hint: error.hint };
    if (error instanceof LoadinError)
      return {
        name,
        ok: false,
        detail: error.where === undefined || error.message.includes(error.where) ? error.message : `${error.message} (${error.where})`,
        hint: error.hint,
      };
    throw error;
  }
}
