import { kindOf, type Known } from './known.js';
import type { FileData, Options } from './sound-part.js';
import type { Finding, Path } from './types.js';

/** What a file may say, and what is to be said of it: options that are no longer used, and what is unlikely to be meant. */
export function doubtsOf({ streams = {}, jobs }: FileData, known: Known): Finding[] {
  const groups: [Path, Record<string, Options>][] = [
    [['streams'], streams],
    ...Object.entries(jobs).map(([name, { overrides = {} }]): [Path, Record<string, Options>] => [['jobs', name, 'overrides'], overrides]),
  ];
  return groups.flatMap(([path, group]) =>
    Object.entries(group).flatMap(([id, options]) => {
      const { retired = {}, doubts } = kindOf(known, id) ?? {};
      const unused = Object.entries(retired).filter(([option]) => options[option] !== undefined);
      return [
        ...unused.map(([option, message]): Finding => ({ path: [...path, id, option], atKey: true, message })),
        ...(doubts?.(options) ?? []).map((doubt): Finding => ({ ...doubt, path: [...path, id, ...doubt.path] })),
      ];
    }),
  );
}
