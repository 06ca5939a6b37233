import type { Capability as AnyCapability } from '../kit/capabilities.js';

export type CapabilityName = 'several-artists' | 'top-tracks' | 'related-artists' | 'artist-details';

/** Something that the credentials don't give. */
export type Capability = AnyCapability<CapabilityName>;
