/** A kind of JSON value. */
export type Kind = 'string' | 'number' | 'boolean' | 'array' | 'object';

/** What a field holds, whether our types or a published description of the API say so. */
export interface Shape {
  /** None: anything. */
  readonly kinds: ReadonlySet<Kind>;
  /** May be null. */
  readonly nullable: boolean;
  /** May be left out. */
  readonly optional: boolean;
  /** Of an interface or definition with a name. */
  readonly name?: string;
  /** The only texts there are; undefined when it can be any. */
  readonly words?: readonly string[];
  /** Of an object. */
  readonly fields: ReadonlyMap<string, Shape>;
  /** Of an object whose keys are data. */
  readonly values?: Shape;
  /** Of an array. */
  readonly items?: Shape;
}

export function kindOf(value: unknown): Kind | 'null' {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? 'array' : (typeof value as Kind);
}

/** `base.field` */
export const under = (base: string, field: string): string => (base === '' ? field : `${base}.${field}`);

/** A path begins anew at every interface with a name: `TicketmasterImage.url`, wherever there are images. */
export const rooted = (path: string, shape: Shape): string => shape.name ?? path;

/**
 * The fields of a shape that hold no further fields, as paths from its root: `dates.start.localDate`, `priceRanges[].min`, `genres[]`,
 * `externalLinks.*[].url`. A path tells where the value lies in a body; names of interfaces play no part.
 */
export function leavesOf(shape: Shape, path = ''): string[] {
  if (shape.items !== undefined) return leavesOf(shape.items, `${path}[]`);
  if (shape.values !== undefined) return leavesOf(shape.values, under(path, '*'));
  if (shape.fields.size === 0) return [path];
  return [...shape.fields].flatMap(([field, own]) => leavesOf(own, under(path, field)));
}
