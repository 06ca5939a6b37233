import { FatalError, type JsonObject } from '@loadin/pipeline';
import { bucketAt, dayLedgerOf, givenBack, reserve, type Block, type DayLedger, type Reservation } from './quota-day.js';
import type { QuotaGate, QuotaListener } from './quota-gate.js';
import { changeItem, type QuotaItem } from './quota-item.js';
import type { Window } from './rolling-window.js';

/** A used-up window is looked at again after so many milliseconds when somebody asks: others may have given calls back. */
const refusalMs = 30_000;

/**
 * The budget of a day, counted in the store before the calls are made: calls come in blocks, so that the store is written once for many,
 * and what is reserved stays counted whatever becomes of this process.
 */
export function createDayGate(item: QuotaItem, window: Window, { changed, failed }: QuotaListener): QuotaGate {
  const { clock } = item;
  let block: Block | undefined;
  let refusal: { readonly askedAt: number; readonly freeAt: number } | undefined;
  let asking: Promise<void> | undefined;

  const left = (now: number): number => (block !== undefined && block.bucket === bucketAt(window, now) ? block.calls : 0);
  const ask = async (): Promise<void> => {
    const rest = block;
    block = undefined; // whether it could be given back is not known any more when an answer gets lost: then it is forfeited
    const made = await changeItem(item, (value, unsure) => {
      const reserved: Reservation = reserve(ledgerIn(item, value), window, clock.now(), unsure ? undefined : rest);
      const same = reserved.block.calls === 0 && (rest === undefined || unsure);
      return { value: same ? undefined : asJson(reserved.ledger), result: reserved };
    });
    if (made.freeAt === undefined) block = made.block;
    refusal = made.freeAt === undefined ? undefined : { askedAt: clock.now(), freeAt: made.freeAt };
  };

  return {
    waitMs(now) {
      if (left(now) > 0) return 0;
      return refusal !== undefined && now - refusal.askedAt < refusalMs && now < refusal.freeAt ? refusal.freeAt - now : Infinity;
    },
    want() {
      asking ??= ask()
        .finally(() => (asking = undefined))
        .then(changed, failed);
    },
    sent() {
      if (block !== undefined) block = { ...block, calls: block.calls - 1 };
      return () => undefined;
    },
    async close() {
      await asking?.catch(() => undefined); // whoever waited has been told
      const rest = block;
      block = undefined;
      if (rest === undefined || rest.calls === 0) return;
      await changeItem(item, (value, unsure) => ({
        value: unsure ? undefined : asJson(givenBack(ledgerIn(item, value), rest)), // twice would be too much
        result: undefined,
      }));
    },
  };
}

const asJson = ({ calls }: DayLedger): JsonObject => ({ calls });

function ledgerIn({ state, key }: QuotaItem, value: JsonObject | undefined): DayLedger {
  const ledger = dayLedgerOf(value);
  if (ledger !== undefined) return ledger;
  throw new FatalError('the count of the shared quota is not what it must be', {
    where: `${state.uri}, item "${key}"`,
    hint: 'Delete the item to start counting anew; the service itself still refuses calls above its quota.',
  });
}
