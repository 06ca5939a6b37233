import type { Note } from '../ports/stream.js';

/** Different notes kept word by word; they are stored with the slice's progress, a small item. */
const MOST_NOTES = 50;

/** Collects a slice's notes: each once, and past a number only how many more there were (and how many records they miss). */
export function createNotes() {
  const kept = new Map<string, Note>();
  const more = new Map<Note['kind'], { count: number; missing: number }>();
  return {
    add(note: Note): void {
      const key = `${note.kind} ${note.message}`;
      if (kept.has(key)) return;
      if (kept.size < MOST_NOTES) {
        kept.set(key, note);
        return;
      }
      const sum = more.get(note.kind) ?? { count: 0, missing: 0 };
      more.set(note.kind, { count: sum.count + 1, missing: sum.missing + (note.missing ?? 0) });
    },
    list: (): Note[] => [
      ...kept.values(),
      ...[...more].map(([kind, { count, missing }]): Note => ({
        kind,
        message: `${count} more notes of this kind, in the landed pages`,
        ...(missing > 0 && { missing }),
      })),
    ],
  };
}
