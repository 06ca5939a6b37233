import { loggerFrom, type Logger } from '@loadin/observability';

/** What the engine says of a stream of tables or of a list that is read like one. */
const OF_ENTITY = /^(\w+): (?:postgres|payments|shipments)\.([a-z][a-z0-9_]*)$/;

/**
 * Entities are spoken of as their runbooks do: `Starting: Processing customers`, `Processing customers: Extracted 1500 records`, `Completed: Processing customers`. All
 * other lines pass as they are.
 */
export function entityLines(next: Logger): Logger {
  return loggerFrom((level, message, fields) => {
    const [, step, entity] = OF_ENTITY.exec(message) ?? [];
    if (entity === undefined) return next[level](message, fields);
    if (typeof fields['read'] === 'number') next[level](`Processing ${entity}: Extracted ${fields['read']} records`, fields);
    next[level](`${step}: Processing ${entity}`, fields);
  });
}

export const VALIDATION = 'Configuration Validation';
