import type { Client } from 'pg';

export interface LateCommit {
  /** Orders that this transaction has changed; nobody else sees it before its commit, and they carry the time of its begin. */
  readonly orders: number;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/**
 * Begins a transaction that changes some orders and stays open. Who reads meanwhile by the time of change, past that of these rows, and does not look back, never sees them. The client is in the
 * transaction until `commit` or `rollback`.
 */
export async function openLateCommit({ client, orders = 25 }: { readonly client: Client; readonly orders?: number }): Promise<LateCommit> {
  await client.query('BEGIN');
  const { rowCount } = await client.query(
    `UPDATE orders SET notes = 'committed late', updated_at = now() WHERE id IN (SELECT id FROM orders WHERE status <> 'cancelled' ORDER BY id DESC LIMIT $1)`,
    [orders],
  );
  return {
    orders: rowCount ?? 0,
    commit: async () => void (await client.query('COMMIT')),
    rollback: async () => void (await client.query('ROLLBACK')),
  };
}
