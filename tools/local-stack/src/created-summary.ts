import { stripVTControlCharacters } from 'node:util';

/** What `loadin-setup create` printed; when all of it was there already, one line instead. */
export function createdSummary(printed: string): string {
  const [steps = ''] = stripVTControlCharacters(printed).split('\n\n');
  const lines = steps.trimEnd().split('\n');
  const there = lines.filter((line) => line.startsWith('already there')).length;
  const sent = lines.filter((line) => line.startsWith('sent')).length;
  if (there === 0 || there + sent < lines.length) return printed.trimEnd();
  const record = sent === 0 ? '' : `; ${sent === 1 ? 'a test record was' : `${sent} test records were`} put on the stream`;
  return `${there} ${there === 1 ? 'thing' : 'things'} already there (buckets, stream, table and their settings)${record}`;
}
