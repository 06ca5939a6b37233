/** One named test of a conformance kit; `run` throws an Error that says what is wrong. No test runner is needed. */
export interface Check {
  readonly name: string;
  run(): Promise<void>;
}

/** Throws with what was expected and what was found instead, when they differ as JSON. */
export function expectSame(what: string, found: unknown, expected: unknown): void {
  const [left, right] = [print(found), print(expected)];
  if (left !== right) throw new Error(`${what}: expected ${shorten(right)}, found ${shorten(left)}`);
}

export function expectThat(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** The error that the call throws; throws when it doesn't. */
export async function failureOf(what: string, call: () => Promise<unknown>): Promise<unknown> {
  let result: unknown;
  try {
    result = await call();
  } catch (error) {
    return error;
  }
  throw new Error(`${what}: expected an error, found the result ${shorten(print(result))}`);
}

/** JSON with sorted keys: stores may change the order of members. */
function print(value: unknown): string {
  const sorted = (member: unknown): unknown => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  return JSON.stringify(value, (_name, member: unknown) => sorted(member)) ?? 'undefined';
}

const shorten = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
