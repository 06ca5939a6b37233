/** What a service that answers 429 gets: half the pace, down to a sixteenth, and more again step by step while it answers. */
export interface SlowDown {
  /** Milliseconds until the next call at the slowed pace; 0 at the full one. */
  waitMs(now: number): number;
  /** A call is sent. Gives its number. */
  sent(now: number): number;
  /** The call with this number has its answer, or none. */
  ended(call: number, answered: boolean): void;
  /** The answer was a 429. */
  throttled(): void;
  /** The share of the full pace: from 1/16 to 1. */
  readonly share: number;
}

const lowestShare = 1 / 16;
/** So many answers bring a sixteenth of the pace back: 150 from the lowest one to the full one, at 5 a second in about two minutes. */
const answersPerStep = 10;

export function createSlowDown(perSecond: number): SlowDown {
  let share = 1;
  let calls = 0;
  let lastSent = -Infinity;
  /** The last call that was sent before the pace was lowered: what is said about it and older ones is about the old pace. */
  let oldPace = 0;
  let pacedNow = true;
  let answers = 0;
  return {
    get share() {
      return share;
    },
    waitMs: (now) => (share === 1 ? 0 : Math.max(0, lastSent + 1000 / (perSecond * share) - now)),
    sent(now) {
      lastSent = now;
      return (calls += 1);
    },
    ended(call, answered) {
      if (call <= oldPace) return;
      pacedNow = true;
      if (!answered || share === 1) return;
      answers += 1;
      if (answers < answersPerStep) return;
      answers = 0;
      share = Math.min(1, share + lowestShare);
    },
    throttled() {
      answers = 0;
      if (!pacedNow) return; // several calls that were under way together are one refusal
      share = Math.max(lowestShare, share / 2);
      oldPace = calls;
      pacedNow = false;
    },
  };
}
