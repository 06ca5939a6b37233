/** Something that the credentials don't give. */
export interface Capability {
  readonly name: CapabilityName;
  /** The status that said so; 0 when it was seen from missing fields. */
  readonly status: number;
  /** For the report. */
  readonly message: string;
}

export type CapabilityName = 'several-artists' | 'top-tracks' | 'related-artists' | 'artist-details';

const titles: Record<CapabilityName, string> = {
  'several-artists': 'several artists in one call: not available to this app, artists are read one by one',
  'top-tracks': 'top tracks: not available to this app',
  'related-artists': 'related artists: not available to this app',
  'artist-details': 'followers, popularity and genres: not available to this app',
};

/** What was found out about the credentials so far. */
export interface Capabilities {
  lacks(name: CapabilityName): boolean;
  withheld(name: CapabilityName, status: number): void;
  works(name: CapabilityName): void;
  hasWorked(name: CapabilityName): boolean;
  list(): readonly Capability[];
}

export function createCapabilities(): Capabilities {
  const withheld = new Map<CapabilityName, Capability>();
  const worked = new Set<CapabilityName>();
  return {
    lacks: (name) => withheld.has(name),
    withheld(name, status) {
      if (!withheld.has(name)) withheld.set(name, { name, status, message: status === 0 ? titles[name] : `${titles[name]} (${status})` });
    },
    works: (name) => worked.add(name),
    hasWorked: (name) => worked.has(name),
    list: () => [...withheld.values()],
  };
}
