/** The job of the demonstration: the shop's tables and the two APIs. What `loadin discover postgres --write` gives, with partitions, deletions and rules added. */
export const DEMO_JOBS = `version: 1
streams:
  postgres.customers:
    table: public.customers
    key: [id]
    cursor: updated_at        # what has changed since the last run
    soft_delete: deleted_at
  postgres.products:
    table: public.products
    key: [id]
    cursor: updated_at
  postgres.inventory:
    table: public.inventory   # no column tells changes: every row is compared with the last run
    key: [warehouse, product_id]
    hard_deletes: true        # rows that are gone are written with _deleted
  postgres.orders:
    table: public.orders
    key: [id]
    cursor: updated_at
    event_date: placed_at     # files by the day of the order
    hard_deletes: true        # by runs with --full-refresh, which see all keys
  postgres.order_items:
    table: public.order_items
    key: [order_id, line]
    cursor: updated_at
    hard_deletes: true
  payments.payments:
    event_date: created_at
    page_size: 500
  shipments.shipments:
    page_size: 500
jobs:
  bronze:
    schedule: cron(0 1 * * ? *)
    streams: [postgres.customers, postgres.products, postgres.inventory, postgres.orders, postgres.order_items, payments.payments, shipments.shipments]
    sinks: [s3_bronze]
`;
