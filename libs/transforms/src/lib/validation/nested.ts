/** Which class the items of a record's list field have, by record class and field. Kept beside class-validator's own metadata, which doesn't know it. */
const listTypes = new Map<object, Map<string, () => new () => object>>();

export function declareListType(owner: object, property: string, type: () => new () => object): void {
  const ofOwner = listTypes.get(owner) ?? new Map<string, () => new () => object>();
  listTypes.set(owner, ofOwner.set(property, type));
}

export function listTypeOf(owner: object, property: string): (new () => object) | undefined {
  return listTypes.get(owner)?.get(property)?.();
}
