/**
 * The slots of a short window, and which process has how many of them. A window of 5 calls a second has 5 slots; a call holds one from
 * before it is sent until one window after its answer. The ledger has no instants in it, only lengths of time: each process measures
 * them with its own watch, so that no difference between the machines' clocks matters.
 */
export interface SlotLedger {
  /** Counts changes of who has and who lacks: the order in which those who wait get something. */
  readonly turn: number;
  /** Slots that nobody has and that were used before, by how long they must not be used after they are taken. */
  readonly free: readonly FreeSlots[];
  readonly owners: Readonly<Record<string, Owner>>;
}

export interface FreeSlots {
  /** Milliseconds, measured by who takes them, from when it has read this. */
  readonly coolMs: number;
  readonly slots: number;
}

export interface Owner {
  readonly slots: number;
  /** Whether it could use more. */
  readonly hungry: boolean;
  /** The turn since which it has something, or has nothing and waits. */
  readonly since: number;
  /** Moves with every write of the owner: one whose beat stands still for `leaseMs` of an observer's watch has crashed, or is as good as. */
  readonly beat: number;
  readonly leaseMs: number;
}

export const emptySlots: SlotLedger = { turn: 0, free: [], owners: {} };

const lacks = ({ slots, hungry }: Owner): boolean => slots === 0 && hungry;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
export const slotsInUse = ({ owners }: SlotLedger): number => sum(Object.values(owners).map(({ slots }) => slots));
const slotsFree = ({ free }: SlotLedger): number => sum(free.map(({ slots }) => slots));

/** Who crashed loses its slots; the call that held one may have been counted just now, so they have to cool for a whole window. */
export function withoutCrashed(ledger: SlotLedger, crashed: readonly string[], windowMs: number): SlotLedger {
  return crashed.reduce((rest, id) => {
    const { [id]: gone, ...owners } = rest.owners;
    return gone === undefined ? rest : { ...rest, owners, free: withFree(rest.free, [{ coolMs: windowMs, slots: gone.slots }]) };
  }, ledger);
}

export function withFree(free: readonly FreeSlots[], more: readonly FreeSlots[]): FreeSlots[] {
  const byCool = new Map<number, number>();
  for (const { coolMs, slots } of [...free, ...more]) if (slots > 0) byCool.set(coolMs, (byCool.get(coolMs) ?? 0) + slots);
  return [...byCool].map(([coolMs, slots]) => ({ coolMs, slots })).sort((a, b) => a.coolMs - b.coolMs);
}

/** The owner as it shows itself now; a new one when it isn't there. */
export function shown(ledger: SlotLedger, id: string, { hungry, beat, leaseMs }: Pick<Owner, 'hungry' | 'beat' | 'leaseMs'>): SlotLedger {
  const before = ledger.owners[id];
  const owner = { slots: 0, since: ledger.turn + 1, ...before, hungry, beat, leaseMs };
  const waitsNow = lacks(owner) && (before === undefined || !lacks(before));
  return withOwner(ledger, id, waitsNow ? { ...owner, since: ledger.turn + 1 } : owner);
}

function withOwner(ledger: SlotLedger, id: string, owner: Owner): SlotLedger {
  return { ...ledger, turn: Math.max(ledger.turn, owner.since), owners: { ...ledger.owners, [id]: owner } };
}

/**
 * How many of its slots an owner should give back: what it doesn't use when somebody could use it, else so many that no hungry one has
 * less than it, give or take one. With more processes than slots those who have had one longest make room for those who have none.
 */
export function slotsToGive({ owners }: SlotLedger, id: string, unused: number): number {
  const own = owners[id];
  const others = Object.entries(owners).filter(([other, { hungry }]) => other !== id && hungry);
  if (own === undefined || own.slots === 0 || others.length === 0) return 0;
  const have = others.map(([, { slots }]) => slots);
  let give = 0;
  for (;;) {
    const least = have.indexOf(Math.min(...have));
    if ((have[least] ?? 0) + 1 >= own.slots - give) break;
    have[least] = (have[least] ?? 0) + 1;
    give += 1;
  }
  if (give === 0 && own.slots === 1 && makesRoom(owners, id)) give = 1;
  return Math.min(own.slots, Math.max(give, unused));
}

function makesRoom(owners: Readonly<Record<string, Owner>>, id: string): boolean {
  const all = Object.entries(owners);
  if (all.some(([, { slots }]) => slots > 1)) return false;
  const longest = all.filter(([, { slots }]) => slots === 1).sort(([, a], [, b]) => a.since - b.since);
  return longest.findIndex(([holder]) => holder === id) < all.filter(([, owner]) => lacks(owner)).length;
}

/** The owner gives slots back, each with the time that it still has to cool. */
export function given(ledger: SlotLedger, id: string, coolMs: readonly number[]): SlotLedger {
  const own = ledger.owners[id];
  if (own === undefined || coolMs.length === 0) return ledger;
  const free = withFree(
    ledger.free,
    coolMs.map((ms) => ({ coolMs: ms, slots: 1 })),
  );
  const slots = own.slots - coolMs.length;
  return withOwner({ ...ledger, free }, id, { ...own, slots, since: slots === 0 ? ledger.turn + 1 : own.since });
}

export interface Taken {
  readonly ledger: SlotLedger;
  /** Milliseconds for which each of the taken slots must not be used. */
  readonly coolMs: readonly number[];
}

/**
 * The owner takes its part of what nobody has: as if one slot after the other went to who has least of those that could use more. `most`: no more
 * than so many at once.
 */
export function taken(ledger: SlotLedger, id: string, limit: number, most = Infinity): Taken {
  const coolMs: number[] = [];
  let next = ledger;
  for (let part = Math.min(most, partOf(ledger, id, limit - slotsInUse(ledger))); part > 0; part -= 1) {
    const made = withOneTaken(next, id, limit);
    coolMs.push(made.coolMs);
    next = made.ledger;
  }
  return { ledger: next, coolMs };
}

function partOf({ owners }: SlotLedger, id: string, slots: number): number {
  const hungry = Object.entries(owners).filter(([, owner]) => owner.hungry);
  const have = hungry.map(([owner, { slots: had, since }]) => ({ owner, had, since }));
  let part = 0;
  for (let rest = slots; rest > 0; rest -= 1) {
    const [first] = have.sort((a, b) => a.had - b.had || a.since - b.since); // who has waited longest comes first
    if (first === undefined) break;
    first.had += 1;
    if (first.owner === id) part += 1;
  }
  return part;
}

function withOneTaken(ledger: SlotLedger, id: string, limit: number): { ledger: SlotLedger; coolMs: number } {
  const [coldest, ...others] = ledger.free;
  const own = ledger.owners[id];
  if (own === undefined) return { ledger, coolMs: 0 };
  const since = own.slots === 0 ? ledger.turn + 1 : own.since;
  const neverUsed = slotsInUse(ledger) + slotsFree(ledger) < limit;
  const free = neverUsed || coldest === undefined ? ledger.free : withFree(others, [{ ...coldest, slots: coldest.slots - 1 }]);
  return {
    ledger: withOwner({ ...ledger, free }, id, { ...own, slots: own.slots + 1, since }),
    coolMs: neverUsed || coldest === undefined ? 0 : coldest.coolMs,
  };
}

/** The owner leaves; calls that are still under way keep their slots until its lease is over. */
export function left(ledger: SlotLedger, id: string): SlotLedger {
  const { [id]: own, ...owners } = ledger.owners;
  return own === undefined || own.slots > 0 ? ledger : { ...ledger, owners };
}
