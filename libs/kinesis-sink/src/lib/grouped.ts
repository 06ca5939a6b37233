/** A value for each key, made when it is first asked for. Who asks for the same key many times in a row is answered without a look into the map. */
export interface Grouped<Key, Value> {
  of(key: Key): Value;
  readonly all: ReadonlyMap<Key, Value>;
}

export function grouped<Key, Value>(make: () => Value): Grouped<Key, Value> {
  const all = new Map<Key, Value>();
  let last: { readonly key: Key; readonly value: Value } | undefined;
  return {
    all,
    of(key) {
      if (last?.key === key) return last.value;
      const value = all.get(key) ?? make();
      all.set(key, value);
      last = { key, value };
      return value;
    },
  };
}
