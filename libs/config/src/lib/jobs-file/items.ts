/** What is wrong with one entry of a list, or with the list when it is none. */
export interface Fault {
  /** Its index; missing: the value itself. */
  readonly index?: number;
  readonly message: string;
}

/** One entry of a list, in words and as a test. */
export interface Item {
  /** `a country code such as US` */
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

/** Which entries are wrong, and what would be right. None, when it is the list as a whole that is wrong. */
export function faultsOf(value: unknown, item: Item): Fault[] {
  if (!Array.isArray(value)) return alone(value, item);
  const list: readonly unknown[] = value;
  return list.flatMap((one, index): Fault[] => {
    if (!item.holds(one)) return [{ index, message: `must be ${item.expected}, is ${shown(one)}${advice(one, item)}` }];
    return list.indexOf(one) < index ? [{ index, message: `is there twice: ${shown(one)}` }] : [];
  });
}

/** One right entry without the brackets. */
function alone(value: unknown, { holds }: Item): Fault[] {
  return holds(value) ? [{ message: `must be a list: write [${String(value)}]` }] : [];
}

/** `no`, `1975` and `311` are texts for people, and not for YAML. */
function advice(value: unknown, { holds }: Item): string {
  if (typeof value === 'number' || typeof value === 'boolean') return holds(String(value)) || value === false ? ': write it in quotes' : '';
  return typeof value === 'string' && holds(value.toUpperCase()) ? `: did you mean ${value.toUpperCase()}?` : '';
}

const LONGEST = 40;

function shown(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
