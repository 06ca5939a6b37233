/** Synthetic orders: 20 columns of the types that shops have, as Postgres prints them and as an API sends them. */
export interface OrderColumn {
  readonly name: string;
  /** As `format_type` prints it. */
  readonly type: string;
}

/** In the order of the hash, as a reader would ask for them. */
export const ORDER_COLUMNS: readonly OrderColumn[] = [
  { name: 'amount', type: 'numeric(12,2)' },
  { name: 'attributes', type: 'jsonb' },
  { name: 'created_at', type: 'timestamp with time zone' },
  { name: 'currency', type: 'text' },
  { name: 'customer_id', type: 'bigint' },
  { name: 'discount', type: 'double precision' },
  { name: 'email', type: 'text' },
  { name: 'exchange_rate', type: 'numeric(20,10)' },
  { name: 'id', type: 'bigint' },
  { name: 'is_gift', type: 'boolean' },
  { name: 'items', type: 'integer' },
  { name: 'local_time', type: 'timestamp without time zone' },
  { name: 'note', type: 'text' },
  { name: 'order_date', type: 'date' },
  { name: 'reference', type: 'uuid' },
  { name: 'status', type: 'order_status' },
  { name: 'tags', type: 'text[]' },
  { name: 'updated_at', type: 'timestamp with time zone' },
  { name: 'venue', type: 'text' },
  { name: 'weight', type: 'real' },
];

const WORDS = 'doors open an hour before the show and the bar is on the first floor no bags larger than a sheet of paper'.split(' ');
const STATES = ['paid', 'shipped', 'cancelled', 'refunded'];
const CURRENCIES = ['EUR', 'USD', 'SEK', 'GBP', 'JPY'];

/** Well spread, the same everywhere. */
function mixed(n: number): number {
  let hash = Math.imul(n ^ (n >>> 16), 0x45d9f3b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');
const time = (r: number): string => `${pad(r % 24, 2)}:${pad(r % 60, 2)}:${pad((r >>> 6) % 60, 2)}.${pad(r % 1_000_000, 6)}`;

/** Fields of row `n` in the order of `ORDER_COLUMNS`, with days scattered: every batch of rows touches every date. */
export function orderFields(n: number, dates: number): (string | null)[] {
  const [r, s, t] = [mixed(n), mixed(n + 0x5bd1e995), mixed(n ^ 0x2545f491)];
  const day = new Date(Date.UTC(2016, 0, 1) + (r % dates) * 86_400_000).toISOString().slice(0, 10);
  const words = (count: number, seed: number): string => Array.from({ length: count }, (_, k) => WORDS[(seed + k * 7) % WORDS.length]).join(' ');
  return [
    `${s % 10_000}.${pad(t % 100, 2)}`,
    `{"channel": "${['web', 'app', 'desk'][r % 3]}", "seat": ${s % 500}}`,
    `${day} ${time(s)}+00`,
    CURRENCIES[s % 5] ?? '',
    String((t % 90_000) + 1),
    String((r % 1000) / 1000),
    `guest${t % 90_000}@mail.example`,
    `${s % 90}.${pad(t % 1_000_000, 6)}0000`,
    String(n + 1),
    r % 7 === 0 ? 't' : 'f',
    String(1 + (s % 8)),
    `${day} ${time(t)}`,
    r % 3 === 0 ? null : words(4 + (s % 6), r % WORDS.length),
    day,
    `${pad(r, 10).slice(2)}-${pad(s % 10_000, 4)}-4000-8000-${pad(t, 12)}`,
    STATES[r % 4] ?? '',
    s % 4 === 0 ? '{}' : `{${WORDS[r % 9]},${WORDS[s % 9]}}`,
    `${day} ${time(r)}+00`,
    `Hall ${t % 300}`,
    String(Math.fround((s % 2000) / 16)),
  ];
}

export const copyLine = (n: number, dates: number): string =>
  `${orderFields(n, dates)
    .map((field) => field ?? '\\N')
    .join('\t')}\n`;

const NUMBERS: ReadonlySet<string> = new Set(['bigint', 'integer', 'double precision', 'real']);

/** The same as an API would send it. */
export function orderRecord(n: number, dates: number): Record<string, string | number | boolean | null | string[]> {
  const fields = orderFields(n, dates);
  return Object.fromEntries(
    ORDER_COLUMNS.map(({ name, type }, column) => {
      const field = fields[column] ?? null;
      if (field === null || (!NUMBERS.has(type) && type !== 'boolean' && type !== 'text[]')) return [name, field];
      if (type === 'boolean') return [name, field === 't'];
      return [
        name,
        type === 'text[]'
          ? field
              .slice(1, -1)
              .split(',')
              .filter((tag) => tag !== '')
          : Number(field),
      ];
    }),
  );
}
