/** A window that this process shares with others: calls pass when it has leave for them. */
export interface QuotaGate {
  /** Milliseconds until a call may be sent; `Infinity`: not before something changes. */
  waitMs(now: number): number;
  /** Somebody waits here: gets what is missing, in the background. */
  want(): void;
  /** A call is sent: uses up what `waitMs` promised with 0. Gives what is called when its answer (or failure) is there. */
  sent(now: number): (answeredAt: number) => void;
  /** Gives back what is not used. */
  close(): Promise<void>;
}

/** What a gate tells the rate that it belongs to. */
export interface QuotaListener {
  /** How many callers wait now. */
  waiting(): number;
  /** `waitMs` may say something else now. */
  changed(): void;
  /** What is missing can't be had: nobody who waits will get it. */
  failed(error: unknown): void;
}
