/**
 * How many states a run without a stop enters: each is a transition that Step Functions charges for, and so is each execution that a Distributed Map starts.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-transitions.html
 */
export const STATES_ENTERED = {
  /** Plans it, and hands it over. */
  trigger: 12,
  /** Takes it over and finishes it. */
  run: 10,
  /** For each wave. */
  wave: 5,
  /** In the execution of each slice. */
  slice: 1,
} as const;
