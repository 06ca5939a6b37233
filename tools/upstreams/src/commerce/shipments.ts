import { random, type Random } from '../catalogue/random.js';
import { dayMs, hourMs, minuteMs, nextAtHour, rowId, stateAt } from './lives.js';
import { createTable } from './table.js';
import type { Shipment, State, Table } from './types.js';

const everyMs = 10 * minuteMs;
/** The carriers come once a day and scan all that waits for them. */
const pickupHour = 16;

export function createShipments(seed: number, start: number): Table<Shipment> {
  return createTable({
    bornAt: (i) => start + i * everyMs + random(seed, 'shipment-born', i).int(everyMs),
    lifeOf: (i, bornAt) => lifeOf(seed, i, bornAt),
    idOf: ({ shipment_id: id }) => id,
  });
}

function lifeOf(seed: number, i: number, bornAt: number): State<Shipment>[] {
  const dice = random(seed, 'shipment', i);
  const life: State<Shipment>[] = [];
  let row = created(seed, i, bornAt, dice);
  const become = (at: number, change: Partial<Shipment>): void => {
    row = { ...row, ...change, updated_at: isoformat(at, dice) };
    life.push(stateAt(dice, at, row));
  };
  become(bornAt, {});
  const pickedUpAt = nextAtHour(bornAt, pickupHour);
  become(pickedUpAt, { status: 'in_transit', tracking_number: `LD${String(dice.int(1e9)).padStart(9, '0')}` });
  const arrivedAt = pickedUpAt + dice.between(18 * hourMs, 4 * dayMs);
  if (dice.chance(0.03)) become(arrivedAt, { status: 'returned' });
  else become(arrivedAt, { status: 'delivered', delivered_at: isoformat(arrivedAt, dice) });
  return life;
}

function created(seed: number, i: number, bornAt: number, dice: Random): Shipment {
  const at = isoformat(bornAt, dice);
  return {
    shipment_id: rowId('shp', seed, i),
    order_id: rowId('ord', seed, Math.floor(i * 1.5)), // of every third order there is none
    carrier: dice.pick(['PostNord', 'DHL', 'UPS', 'Itella']),
    tracking_number: null,
    status: 'created',
    weight_kg: dice.between(1, 1200) / 100,
    address: dice.pick(places),
    delivered_at: null,
    created_at: at,
    updated_at: at,
  };
}

const places = [
  { city: 'Malmö', country: 'SE' },
  { city: 'Düsseldorf', country: 'DE' },
  { city: 'Cork', country: 'IE' },
  { city: 'São Paulo', country: 'BR' },
  { city: 'Tromsø', country: 'NO' },
] as const;

/** As Python writes times with a zone: microseconds and an offset. Whole seconds have no fraction there either. */
function isoformat(at: number, dice: Random): string {
  const text = new Date(at).toISOString();
  return at % 1000 === 0 ? `${text.slice(0, 19)}+00:00` : `${text.slice(0, 23)}${String(dice.int(1000)).padStart(3, '0')}+00:00`;
}
