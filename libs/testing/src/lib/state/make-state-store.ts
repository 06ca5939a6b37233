import type { StateStore } from '@loadin/pipeline';
import type { Check } from '../check.js';

/** Makes the store under test; called once a check. All may share one table or bucket: every check uses keys of its own. */
export type MakeStateStore = () => StateStore | Promise<StateStore>;

export interface StateStoreChecksOptions {
  /** Before every key, so that a run of the kit doesn't meet what an earlier one left. Default: `kit-{random}/`. */
  readonly keyPrefix?: string;
  /**
   * Makes the store's service misbehave with writes. `lost-answer`: the next one is carried out and its answer lost · `error`: all of them fail until
   * `none`, and nothing is written. The checks of both are added. Default: left out.
   */
  readonly service?: StateService;
}

export type StateService = (fault: 'lost-answer' | 'error' | 'none') => void | Promise<void>;

/** Makes a check with a key of its own. */
export type MakeStateCheck = (name: string, body: (store: StateStore, key: string) => Promise<void>) => Check;
