import { lineOf, requireQuantity, used, type CostLine } from '../line.js';
import type { CloudWatchPrices } from '../prices/types.js';
import { DAYS_PER_MONTH, GB } from '../units.js';

export interface CloudWatchMonth {
  readonly logBytes?: number;
  /** Default 30, as log groups are made. */
  readonly logDaysKept?: number;
  /** Custom metrics: each combination of name and dimension values, and shard-level metrics of a stream, is one. */
  readonly metrics?: number;
  /** Of standard resolution. */
  readonly alarms?: number;
  readonly dashboards?: number;
}

export function cloudWatchCost(month: CloudWatchMonth, prices: CloudWatchPrices): CostLine[] {
  const { logBytes = 0, logDaysKept = 30, metrics = 0, alarms = 0, dashboards = 0 } = month;
  const logs = requireQuantity('CloudWatch: logBytes', logBytes) / GB;
  const kept = logs * (requireQuantity('CloudWatch: logDaysKept', logDaysKept) / DAYS_PER_MONTH) * prices.logKeptShare;
  const { free } = prices;
  return used([
    lineOf('CloudWatch', { what: 'logs taken', unit: 'GB', quantity: logs, price: prices.logGb, freeUnits: free.logGb }),
    lineOf('CloudWatch', { what: 'logs kept', unit: 'GB months', quantity: kept, price: prices.logGbMonth }),
    lineOf('CloudWatch', { what: 'custom metrics', unit: 'metrics', quantity: metrics, price: prices.metricMonth, freeUnits: free.metrics }),
    lineOf('CloudWatch', { what: 'alarms', unit: 'alarms', quantity: alarms, price: prices.alarmMonth, freeUnits: free.alarms }),
    lineOf('CloudWatch', { what: 'dashboards', unit: 'dashboards', quantity: dashboards, price: prices.dashboardMonth, freeUnits: free.dashboards }),
  ]);
}
