/** What goes wrong with a call of an in-memory store or sink. */
export interface Fault {
  readonly error: Error;
  /** `before`: nothing was written · `after`: everything was written, only the answer is lost. */
  readonly when: 'before' | 'after';
}

/** Decides per call; `call` counts the calls of this operation from 1. Pure or seeded, so that a failure can be repeated. */
export type FaultPlan<Operation extends string> = (operation: Operation, target: string, call: number) => Fault | undefined;

/** Runs `operation` with the fault that the plan has for it. */
export function createFaultInjector<Operation extends string>(plan: FaultPlan<Operation> | undefined) {
  const calls = new Map<Operation, number>();
  return async <Result>(operation: Operation, target: string, run: () => Result): Promise<Result> => {
    const call = (calls.get(operation) ?? 0) + 1;
    calls.set(operation, call);
    const fault = plan?.(operation, target, call);
    if (fault?.when === 'before') throw fault.error;
    const result = run();
    if (fault) throw fault.error;
    return result;
  };
}
