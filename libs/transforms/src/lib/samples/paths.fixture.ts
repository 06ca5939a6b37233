/** The value, and the paths of all that is read of it from now on: `[]` for each entry of a list; only values that are no object or list. */
export function watched(value: unknown, path = '', read = new Set<string>()): { value: unknown; read: Set<string> } {
  if (typeof value !== 'object' || value === null) return { value, read };
  const proxy = new Proxy(value, {
    get(target, key, receiver) {
      const child: unknown = Reflect.get(target, key, receiver);
      const own = pathOf(target, path, key);
      if (own === undefined || typeof child === 'function') return child;
      if (typeof child !== 'object' || child === null) read.add(own);
      return watched(child, own, read).value;
    },
  });
  return { value: proxy, read };
}

function pathOf(target: object, path: string, key: string | symbol): string | undefined {
  if (typeof key === 'symbol' || key === 'length') return undefined;
  if (Array.isArray(target)) return /^\d+$/.test(key) ? `${path}[]` : undefined;
  return path === '' ? key : `${path}.${key}`;
}

/** The paths of all values in a record that are no object or list; null is no value. */
export function leavesOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => leavesOf(entry, `${path}[]`));
  if (typeof value !== 'object' || value === null) return value === null ? [] : [path];
  return Object.entries(value).flatMap(([key, child]) => leavesOf(child, path === '' ? key : `${path}.${key}`));
}

/** Whether a path is the declared one (`*` stands for any name), or with `below` one below it. */
export function isCovered(path: string, declared: string, below = false): boolean {
  const pattern = declared.replace(/[.[\]]/g, '\\$&').replaceAll('*', '[^.[\\]]+');
  return new RegExp(`^${pattern}${below ? '(?:$|[.[])' : '$'}`).test(path);
}
