import { FatalError, type Json, type JsonObject } from '@loadin/pipeline';
import type { QuotaItem } from './quota-item.js';
import { emptySlots, type FreeSlots, type Owner, type SlotLedger } from './quota-slots.js';

export const slotLedgerJson = ({ turn, free, owners }: SlotLedger): JsonObject => ({
  turn,
  free: free.map((slots) => ({ ...slots })),
  owners: Object.fromEntries(Object.entries(owners).map(([id, owner]) => [id, { ...owner }])),
});

/** Throws `FatalError` when the item is something else. */
export function slotLedgerIn({ state, key }: QuotaItem, value: JsonObject | undefined): SlotLedger {
  if (value === undefined) return emptySlots;
  const { turn, free, owners } = value;
  const good = isCount(turn) && Array.isArray(free) && free.every(isFree) && isObject(owners) && Object.values(owners).every(isOwner);
  if (good) return value as unknown as SlotLedger;
  throw new FatalError('the slots of the shared quota are not what they must be', {
    where: `${state.uri}, item "${key}"`,
    hint: 'Delete the item when no run is under way: the slots are then handed out anew.',
  });
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isFree = (value: Json): boolean =>
  isObject(value) && isCount((value as Partial<FreeSlots>).coolMs) && isCount((value as Partial<FreeSlots>).slots);

function isOwner(value: Json | undefined): boolean {
  if (!isObject(value)) return false;
  const { slots, since, beat, leaseMs, hungry } = value as Partial<Owner>;
  return [slots, since, beat, leaseMs].every(isCount) && typeof hungry === 'boolean';
}
