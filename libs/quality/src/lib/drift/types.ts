/** What has changed between two loads of an entity, beyond a threshold. */
export interface Drift {
  readonly kind: 'rows' | 'column_new' | 'column_gone' | 'type' | 'nulls' | 'distinct' | 'distribution';
  readonly column?: string;
  /** For the report: `total: the distribution has moved (PSI 0.41), the median from 20 to 35`. */
  readonly message: string;
}

export interface DriftThresholds {
  /** Change of the number of rows between two loads of one kind. Default 50 %. */
  readonly rowsPercent?: number;
  /** Change of the share of nulls. Default 5 points of percent: 1 % → 6 %. */
  readonly nullPoints?: number;
  /** By what factor different values become more or fewer, beyond what the number of rows does. Full loads only. Default 2. */
  readonly distinctFactor?: number;
  /** Population stability index between the distributions; by common usage up to 0.1 is nothing, above 0.25 a change. Default 0.25. */
  readonly psi?: number;
  /** Loads with fewer rows say nothing of shares. Default 200. */
  readonly leastRows?: number;
}
