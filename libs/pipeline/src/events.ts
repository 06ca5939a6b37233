import type { Ledger } from './report/ledger.js';
import type { Plan } from './plan/plan.js';
import type { StreamReport } from './report/report.js';

/** What a run tells whoever watches it (a terminal, a test). Watching changes nothing. */
export type RunEvent =
  | { readonly type: 'planned'; readonly plan: Plan; readonly resumed: boolean; readonly attempt: number }
  | { readonly type: 'stream-started'; readonly stream: string; readonly slices: number }
  | { readonly type: 'progress'; readonly stream: string; readonly slice: string; readonly ledger: Ledger }
  | { readonly type: 'stream-ended'; readonly stream: string; readonly report: StreamReport };

export type RunObserver = (event: RunEvent) => void;
