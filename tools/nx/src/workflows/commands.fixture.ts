/** What commands may name. */
export interface Workspace {
  readonly scripts: readonly string[];
  readonly targets: readonly string[];
  exists(path: string): boolean;
}

/** The commands of a `run:`, one a line. */
export const commandsOf = (run: string): string[] =>
  run
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Why a command can't run here, or undefined: it names a script, a target or a file of this workspace. */
export function problemWith(command: string, { scripts, targets, exists }: Workspace): string | undefined {
  const words = command.split(/\s+/);
  const [program = '', ...args] = words;
  const missing = (kind: string, names: readonly string[], known: (name: string) => boolean): string | undefined => {
    const name = names.find((one) => !known(one));
    return name === undefined ? undefined : `there is no ${kind} ${name}`;
  };
  if (program === 'npm' && args[0] === 'ci') return undefined;
  if (program === 'npm' && args[0] === 'run') return missing('npm script', args.slice(1, 2), (name) => scripts.includes(name));
  if (program === 'npm' && args[0] === 'test') return missing('npm script', ['test'], (name) => scripts.includes(name));
  if (program === 'npx' && args[0] === 'nx') return missing('target', targetsOf(args), (name) => targets.includes(name));
  if (program === 'node' || program === 'bash') return missing('file', args.slice(0, 1), exists);
  return `${program} is not run by any check of ours`;
}

/** `nx affected -t build test --base=…` → build, test */
function targetsOf(args: readonly string[]): string[] {
  const from = args.indexOf('-t') + 1;
  const names = args.slice(from);
  const end = names.findIndex((name) => name.startsWith('-'));
  return from === 0 ? [args[1] ?? ''] : names.slice(0, end < 0 ? undefined : end);
}
