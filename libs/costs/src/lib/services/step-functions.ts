import { lineOf, requireQuantity, used, type CostLine } from '../line.js';
import type { StepFunctionsPrices } from '../prices/types.js';

/** Standard workflows: states are paid for, waiting is not. */
export interface StepFunctionsMonth {
  readonly executions: number;
  /** States that one execution enters, retries included, without those of its children. */
  readonly transitions: number;
  /** A Distributed Map: how many standard workflows one execution starts, and how many states each of these enters. Default: none. */
  readonly children?: { readonly workflows: number; readonly transitions: number };
}

/** Each workflow that a Distributed Map starts counts as a transition besides its own states. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-transitions.html */
export function stepFunctionsCost({ executions, transitions, children }: StepFunctionsMonth, prices: StepFunctionsPrices): CostLine[] {
  const ofChildren = children === undefined ? 0 : children.workflows * (1 + children.transitions);
  const line = (what: string, perExecution: number, freeUnits: number): CostLine =>
    lineOf('Step Functions', {
      what,
      unit: 'transitions',
      quantity: requireQuantity('Step Functions: executions', executions) * perExecution,
      price: prices.transition,
      freeUnits,
    });
  const { transitions: free } = prices.free;
  return used([
    line('state transitions', transitions, free),
    line('state transitions of mapped workflows', ofChildren, Math.max(0, free - executions * transitions)),
  ]);
}
