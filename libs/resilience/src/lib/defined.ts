type Defined<T extends object> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without members that are undefined: a default is what is not there. */
export const defined = <T extends object>(value: T): Partial<Defined<T>> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<Defined<T>>;
