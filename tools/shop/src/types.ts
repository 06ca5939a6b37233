import type { Client } from 'pg';

/** The shop's tables, in the order in which they are filled: a table refers to earlier ones only. */
export const SHOP_TABLES = ['customers', 'products', 'inventory', 'orders', 'order_items'] as const;

export type ShopTable = (typeof SHOP_TABLES)[number];

/** Rows by table. */
export type ShopCounts = Readonly<Record<ShopTable, number>>;

export interface ShopOptions {
  /** Connected to the database that gets the tables, as somebody who may make tables and types there. */
  readonly client: Client;
  /** Rows of all tables together, at least 200. Default 200,000: enough that a run takes seconds, few enough to be made in two. */
  readonly rows?: number;
  /** Default 1. The same seed, rows and time give the same rows to the last byte. */
  readonly seed?: number;
  /** Epoch milliseconds. Orders were placed in the 30 days before, nothing is later. Default: now. */
  readonly now?: number;
}

export interface ChangeOptions {
  readonly client: Client;
  /** Which change this is, from 1 on: each touches other rows. */
  readonly step: number;
  /** Default 1. */
  readonly seed?: number;
  /** The part of the rows that is touched, for each kind of change. Default 0.01. */
  readonly share?: number;
  /** Orders that were cancelled are deleted with their items too, which only a read in full can notice. Default false. */
  readonly deleteOrders?: boolean;
}

/** How many rows each kind of change has touched. */
export interface ShopChanges {
  readonly updated: Readonly<Record<'customers' | 'orders' | 'products' | 'inventory', number>>;
  readonly inserted: Readonly<Record<'customers' | 'orders' | 'order_items', number>>;
  /** Customers that are marked as deleted. */
  readonly softDeleted: number;
  /** Rows that are gone. */
  readonly deleted: Readonly<Record<'inventory' | 'orders' | 'order_items', number>>;
  /** Orders whose time of change lies five minutes back, as if written by a machine whose clock is behind. */
  readonly late: number;
  /** A column that the table did not have before; `null` after the first step. */
  readonly newColumn: 'customers.loyalty_points' | null;
}
