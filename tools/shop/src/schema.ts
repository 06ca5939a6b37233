/** Tables and types, without keys between tables: those are made when the rows are there, which is faster. */
export const SCHEMA = `
CREATE TYPE customer_tier AS ENUM ('new', 'regular', 'gold');
CREATE TYPE order_status AS ENUM ('placed', 'paid', 'packed', 'shipped', 'delivered', 'cancelled', 'returned');
CREATE DOMAIN email_address AS text CHECK (VALUE LIKE '%_@_%');
CREATE TABLE customers (
  id bigint PRIMARY KEY, public_id uuid NOT NULL, name text NOT NULL, email email_address, tier customer_tier NOT NULL, tags text[] NOT NULL, address jsonb,
  credit_limit numeric(12,2), newsletter boolean NOT NULL, born date, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, deleted_at timestamptz);
CREATE TABLE products (
  id integer PRIMARY KEY, sku varchar(16) NOT NULL UNIQUE, title text NOT NULL, price numeric(10,2) NOT NULL, weight_kg double precision, sizes integer[],
  attributes jsonb NOT NULL, thumbnail bytea, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE TABLE inventory (
  warehouse char(3), product_id integer, quantity integer NOT NULL, reserved smallint NOT NULL, shelf text, counted_on date, PRIMARY KEY (warehouse, product_id));
CREATE TABLE orders (
  id bigint PRIMARY KEY, customer_id bigint NOT NULL, status order_status NOT NULL, currency char(3) NOT NULL, total numeric(14,2) NOT NULL, tax_rate numeric,
  shipping jsonb, delivery_window tstzrange, notes text, placed_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE TABLE order_items (
  order_id bigint, line smallint, product_id integer NOT NULL, quantity smallint NOT NULL, unit_price numeric(10,2) NOT NULL, discount numeric, gift boolean NOT NULL,
  updated_at timestamp NOT NULL, PRIMARY KEY (order_id, line));
`;

/** What a shop has besides: indexes by which changes are found, and keys between tables. */
export const INDEXES = `
CREATE INDEX ON customers (updated_at, id);
CREATE INDEX ON products (updated_at, id);
CREATE INDEX ON orders (updated_at, id);
CREATE INDEX ON order_items (updated_at, order_id, line);
ALTER TABLE inventory ADD FOREIGN KEY (product_id) REFERENCES products;
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;
ALTER TABLE order_items ADD FOREIGN KEY (order_id) REFERENCES orders ON DELETE CASCADE;
ALTER TABLE order_items ADD FOREIGN KEY (product_id) REFERENCES products;
ANALYZE;
`;
