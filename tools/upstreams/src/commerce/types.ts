/** A payment as the payments API gives it. */
export interface Payment {
  readonly payment_id: string;
  readonly order_id: string;
  readonly customer_id: string;
  /** Decimal text: `"129.90"`. */
  readonly amount: string;
  readonly currency: string;
  readonly method: 'card' | 'invoice' | 'wallet';
  readonly status: 'pending' | 'captured' | 'failed' | 'settled' | 'refunded';
  readonly failure_reason: string | null;
  readonly refunded_amount: string | null;
  readonly metadata: { readonly channel: string; readonly note: string | null };
  /** `2026-02-27T10:00:12.345Z` */
  readonly created_at: string;
  readonly updated_at: string;
}

/** A shipment as the shipments API gives it. */
export interface Shipment {
  readonly shipment_id: string;
  readonly order_id: string;
  readonly carrier: string;
  readonly tracking_number: string | null;
  readonly status: 'created' | 'in_transit' | 'delivered' | 'returned';
  readonly weight_kg: number;
  readonly address: { readonly city: string; readonly country: string };
  readonly delivered_at: string | null;
  /** `2026-02-27T10:00:12.345678+00:00` */
  readonly created_at: string;
  readonly updated_at: string;
}

/** What both have. */
export interface Changing {
  readonly updated_at: string;
}

/** One state in the life of a row. */
export interface State<Row> {
  /** Epoch milliseconds, never before the state that it follows. The row's `updated_at`. */
  readonly at: number;
  /** From when on it is given: later than `at` for what is written late. */
  readonly visibleAt: number;
  readonly row: Row;
}

/** Rows that come to be and change as time goes by. */
export interface Table<Row> {
  /** What is given at an instant (epoch milliseconds), in the order of `updated_at`, then of the id. The same for the same instant. */
  at(now: number): readonly Row[];
}

/** The truth of the payments and shipments APIs, computed without them. */
export interface Commerce {
  readonly payments: Table<Payment>;
  readonly shipments: Table<Shipment>;
}

export interface CommerceOptions {
  readonly seed: number;
  /** `YYYY-MM-DD`; the oldest rows are `historyDays` older. */
  readonly baseDate: string;
  /** Default 7: a full read has several pages. */
  readonly historyDays?: number;
}
