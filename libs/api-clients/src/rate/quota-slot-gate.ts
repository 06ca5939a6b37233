import { randomUUID } from 'node:crypto';
import { actionOf, type JsonObject } from '@loadin/pipeline';
import type { QuotaGate, QuotaListener } from './quota-gate.js';
import { createHeldSlots } from './quota-held-slots.js';
import { changeItem, type Change, type QuotaItem } from './quota-item.js';
import { createObserver } from './quota-observer.js';
import { slotLedgerIn, slotLedgerJson } from './quota-slot-item.js';
import { given, left, shown, slotsToGive, taken, withoutCrashed, type SlotLedger } from './quota-slots.js';
import type { Window } from './rolling-window.js';

/** Who has nothing looks so often whether there is something, in milliseconds. */
const hungryPollMs = 250;

/**
 * A short window's slots, leased by processes. As long as calls are under way or wait, the lease is renewed every third of its length, and
 * with each renewal slots move to where they are needed; after an idle third all are given back. A process uses its slots only
 * for two thirds of a length after it began its last renewal, by its own watch: observers wait a whole one, by theirs.
 */
export function createSlotGate(item: QuotaItem, window: Window, leaseMs: number, listener: QuotaListener): QuotaGate {
  const { clock } = item;
  const { windowMs, limit } = window;
  /** Taken at once: what a lease's length of calls needs. A process that crashes takes a long window's other slots not with it. */
  const most = Math.ceil((limit * leaseMs) / windowMs);
  const id = randomUUID();
  const slots = createHeldSlots(windowMs);
  const observer = createObserver(clock, id);
  let beat = 0;
  let usableUntil = -Infinity;
  let wanted = false;
  let usedSince = false;
  let leasing: Promise<void> | undefined;
  let stop = new AbortController();
  let lastWritten = -Infinity;
  /** Slots that the write under way gives or takes; whose they are is not known as long as its answer is not there. */
  let moving: readonly number[] = [];

  const isActive = (): boolean => wanted || usedSince || slots.underWay > 0 || listener.waiting() > 0;
  const isHungry = (now: number): boolean => listener.waiting() > 0 && slots.waitMs(now) > 0;

  /** What the item says is the truth: none were taken over, and more than is known here come from a write whose answer was lost. */
  const reconcile = (ledger: SlotLedger, now: number): void => {
    const there = ledger.owners[id]?.slots ?? 0;
    if (there === 0 && slots.count > 0) slots.loseAll();
    if (there < slots.count) slots.takeOut(slots.count - there);
    const more = there - slots.count;
    if (more > 0) slots.add(more === moving.length ? moving : Array.from({ length: more }, () => now + windowMs));
    moving = [];
  };
  /** Nothing has to be written to go on waiting, but a sign of life now and then. */
  const waitsThere = ({ owners }: SlotLedger, now: number): boolean => owners[id]?.hungry === true && now - lastWritten < leaseMs / 3;
  const giveBack = (ledger: SlotLedger, count: number, now: number): { ledger: SlotLedger; out: number[]; undo: () => void } => {
    const out = slots.takeOut(count);
    const undo = (): void => {
      moving = [];
      slots.add(out);
    };
    return {
      ledger: given(
        ledger,
        id,
        out.map((at) => Math.max(0, at - now)),
      ),
      out,
      undo,
    };
  };

  const renew = (value: JsonObject | undefined): Change<() => void> => {
    const now = clock.now();
    const read = slotLedgerIn(item, value);
    reconcile(read, now);
    const alive = withoutCrashed(read, observer.crashed(read), windowMs);
    const visible = shown(alive, id, { hungry: isHungry(now), beat: beat + 1, leaseMs });
    const less = giveBack(visible, slotsToGive(visible, id, slots.unused(now)), now);
    const more = taken(less.ledger, id, limit, most);
    if (slots.count === 0 && more.coolMs.length === 0 && waitsThere(read, now)) return { value: undefined, result: () => undefined };
    beat += 1;
    const won = more.coolMs.map((ms) => now + ms);
    moving = won.length === 0 || less.out.length === 0 ? [...won, ...less.out] : [];
    return {
      value: slotLedgerJson(more.ledger),
      result: () => {
        moving = [];
        slots.add(won);
        usableUntil = now + (leaseMs * 2) / 3;
        lastWritten = now;
      },
      undo: less.undo,
    };
  };
  const leave = (value: JsonObject | undefined): Change<() => void> => {
    const now = clock.now();
    const read = slotLedgerIn(item, value);
    reconcile(read, now);
    if (read.owners[id] === undefined) return { value: undefined, result: () => undefined };
    const less = giveBack(read, slots.count, now);
    return { value: slotLedgerJson(left(less.ledger, id)), result: () => undefined, undo: less.undo };
  };
  const done = async (change: typeof renew): Promise<void> => (await changeItem(item, change))();

  const leaseWhileActive = async (signal: AbortSignal): Promise<void> => {
    do {
      wanted = false;
      usedSince = false;
      await done(renew).catch((error: unknown) => {
        if (actionOf(error) !== 'retry' || clock.now() >= usableUntil) throw error; // else the next renewal comes early enough
      });
      listener.changed();
      // Who closes ends the sleep early; the loop sees that by the signal.
      await clock.sleep(slots.count === 0 ? Math.min(hungryPollMs, leaseMs / 3) : leaseMs / 3, signal).catch(() => undefined);
    } while (isActive() && !signal.aborted);
  };
  const lease = async (signal: AbortSignal): Promise<void> => {
    do {
      await leaseWhileActive(signal);
      await done(leave);
    } while (isActive() && !signal.aborted); // somebody came while the slots were given back
  };

  return {
    waitMs: (now) => (now < usableUntil ? slots.waitMs(now) : Infinity),
    want() {
      wanted = true;
      if (leasing !== undefined) return;
      stop = new AbortController();
      leasing = lease(stop.signal)
        .catch(listener.failed)
        .finally(() => {
          leasing = undefined;
          listener.changed(); // who came while it ended wants again
        });
    },
    sent(now) {
      usedSince = true;
      return slots.use(now);
    },
    async close() {
      stop.abort();
      await leasing;
    },
  };
}
