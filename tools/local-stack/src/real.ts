import { runCommand } from './command.js';
import { launchers, workspaceRoot } from './workspace.js';

/** `npm start -- --real`: checks the settings in `.env`, says what a run will touch and need, and runs the daily job on the real services. */
export async function firstRealRun(): Promise<number> {
  const env = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  process.stdout.write('The real services, with the settings of the environment and .env.\n\n$ loadin check\n');
  const checked = await runCommand(launchers.loadin, ['check'], { cwd: workspaceRoot, env, stdout: 'show' });
  if (checked.status !== 0) {
    process.stdout.write(
      'No job was run. Settings belong into .env (docs/settings.md); a bucket, stream or table that is missing is made by: npx loadin-setup create\n',
    );
    return checked.status;
  }
  process.stdout.write('\n$ loadin plan daily\n');
  const planned = await runCommand(launchers.loadin, ['plan', 'daily'], { cwd: workspaceRoot, env, stdout: 'show' });
  if (planned.status !== 0) return planned.status;
  process.stdout.write('\n$ loadin run daily\n');
  return (await runCommand(launchers.loadin, ['run', 'daily'], { cwd: workspaceRoot, env, stdout: 'show' })).status;
}
