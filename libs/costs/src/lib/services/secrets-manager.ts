import { lineOf, used, type CostLine } from '../line.js';
import type { SecretsManagerPrices } from '../prices/types.js';

export interface SecretsManagerMonth {
  readonly secrets: number;
  readonly calls?: number;
}

export function secretsManagerCost({ secrets, calls = 0 }: SecretsManagerMonth, prices: SecretsManagerPrices): CostLine[] {
  return used([
    lineOf('Secrets Manager', { what: 'secrets', unit: 'secrets', quantity: secrets, price: prices.secretMonth }),
    lineOf('Secrets Manager', { what: 'calls', unit: 'calls', quantity: calls, price: prices.call }),
  ]);
}
