/** Code points from and to, both included; ascending, no two touching. */
export type Ranges = readonly (readonly [from: number, to: number])[];

export type Node =
  | { readonly kind: 'set'; readonly ranges: Ranges }
  | { readonly kind: 'sequence'; readonly of: readonly Node[] }
  | { readonly kind: 'either'; readonly of: readonly Node[] }
  /** `most` undefined: without end. */
  | { readonly kind: 'repeat'; readonly of: Node; readonly least: number; readonly most: number | undefined }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' };
