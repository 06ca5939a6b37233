/** Questions that the demonstration ends with, over the views of `openLake`. */
export const QUERIES: readonly { readonly asks: string; readonly sql: string }[] = [
  {
    asks: 'What was sold in the last seven days, by kind of product',
    sql: `SELECT json_extract_string(p.attributes, '$.category') AS category, count(DISTINCT o.id) AS orders, sum(i.quantity) AS pieces, sum(i.quantity * i.unit_price) AS value
FROM orders o JOIN order_items i ON i.order_id = o.id JOIN products p ON p.id = i.product_id
WHERE o.placed_at > now() - INTERVAL 7 DAY AND o.status NOT IN ('cancelled', 'returned')
GROUP BY ALL ORDER BY value DESC`,
  },
  {
    asks: 'What has ever been delivered, load by load',
    sql: `SELECT ingestion_date, load_type, 'orders' AS entity, count(*) AS record_count, count(DISTINCT event_date) AS days FROM bronze_orders GROUP BY ALL
UNION ALL SELECT ingestion_date, load_type, 'customers', count(*), NULL FROM bronze_customers GROUP BY ALL
UNION ALL SELECT ingestion_date, load_type, 'payments', count(*), count(DISTINCT event_date) FROM bronze_payments GROUP BY ALL ORDER BY ALL`,
  },
  {
    asks: 'The history of an order that was changed',
    sql: `SELECT id, status, total, strftime(updated_at, '%H:%M:%S') AS updated_at, load_type, strftime(_ingestion_ts, '%H:%M:%S') AS ingested, _deleted AS deleted
FROM bronze_orders WHERE id = (SELECT id FROM bronze_orders GROUP BY id HAVING count(DISTINCT _record_hash) > 1 ORDER BY count(DISTINCT _record_hash) DESC, id LIMIT 1)
ORDER BY _ingestion_ts`,
  },
];
