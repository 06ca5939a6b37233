/** An optional endpoint that the credentials don't get. */
export interface Capability<Name extends string = string> {
  readonly name: Name;
  /** The status that said so; 0 when it was seen otherwise. */
  readonly status: number;
  /** For the report. */
  readonly message: string;
}

/** What was found out about the credentials so far. */
export interface Capabilities {
  lacks(name: string): boolean;
  withheld(name: string, message: string, status: number): void;
  works(name: string): void;
  hasWorked(name: string): boolean;
  list(): readonly Capability[];
}

export function createCapabilities(): Capabilities {
  const withheld = new Map<string, Capability>();
  const worked = new Set<string>();
  return {
    lacks: (name) => withheld.has(name),
    withheld(name, message, status) {
      if (!withheld.has(name)) withheld.set(name, { name, status, message: `${message} (${status})` });
    },
    works: (name) => worked.add(name),
    hasWorked: (name) => worked.has(name),
    list: () => [...withheld.values()],
  };
}
