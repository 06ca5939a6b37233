import type { Check } from './check.js';
import { itemChecks } from './state/item-checks.js';
import type { MakeStateCheck, MakeStateStore, StateStoreChecksOptions } from './state/make-state-store.js';
import { revisionChecks } from './state/revision-checks.js';
import { serviceChecks } from './state/service-checks.js';

export type { MakeStateStore, StateService, StateStoreChecksOptions } from './state/make-state-store.js';

/** What every StateStore must do. Run each check as a test of your runner. */
export function stateStoreChecks(makeStore: MakeStateStore, options: StateStoreChecksOptions = {}): Check[] {
  const { keyPrefix = `kit-${Math.random().toString(36).slice(2)}/`, service } = options;
  let count = 0;
  const check: MakeStateCheck = (name, body) => {
    const key = `${keyPrefix}${(count += 1)}-item`;
    return { name, run: async () => body(await makeStore(), key) };
  };
  return [...itemChecks(check), ...revisionChecks(check, makeStore), ...(service === undefined ? [] : serviceChecks(check, makeStore, service))];
}
