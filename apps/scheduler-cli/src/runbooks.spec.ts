import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './program.js';

const folder = join(__dirname, '../../../docs/runbooks');
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));

/** Of blocks and of code within a line. */
const commandsOf = (text: string): string[] => [...text.matchAll(/npx loadin ([^`\n|]+)/g)].map(([, command = '']) => command.trim());

async function helpOf(words: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const say = (text: string): void => void lines.push(text);
  const shell = {
    output: { result: say, say, resultIsTerminal: false, terminal: undefined },
    env: {},
    cwd: folder,
    signal: new AbortController().signal,
    threadFile: new URL('file:///none'),
  };
  const status = await runProgram([...words, '--help'], shell);
  return status === 0 ? lines.join('\n') : '';
}

/** The help of the command that is meant: words as long as each is a command of the one before. */
async function commandHelp(words: readonly string[]): Promise<string> {
  let help = '';
  for (let count = 1; count <= words.length; count += 1) {
    const next = await helpOf(words.slice(0, count));
    if (!next.includes(`Usage: loadin ${words.slice(0, count).join(' ')} `)) break;
    help = next;
  }
  return help;
}

describe('the runbooks', () => {
  it.each(pages)('%s has commands of loadin that are there, with options that they take', async (name) => {
    for (const command of commandsOf(readFileSync(join(folder, name), 'utf8'))) {
      const words = command.split(/\s+/);
      const help = await commandHelp(words.filter((word) => !word.startsWith('--')));
      expect([command, help !== '']).toEqual([command, true]);
      for (const option of words.filter((word) => word.startsWith('--') && word !== '--help'))
        expect([command, option, help.includes(`${option} `)]).toEqual([command, option, true]);
    }
  });

  it.each(pages)('%s leads to pages that are there', (name) => {
    const links = [...readFileSync(join(folder, name), 'utf8').matchAll(/\]\(([^)#]+\.md)\)/g)].map(([, path = '']) => path);
    expect(links.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
  });
});
