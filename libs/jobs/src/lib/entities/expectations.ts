import type { ExpectationData } from '@loadin/config';
import { FatalError } from '@loadin/pipeline';
import type { Expectation } from '@loadin/quality';

/** What the jobs file expects of an entity, as it is looked at. Throws `FatalError` for a list that loading the file would have refused. */
export async function expectationsOf(entity: string, list: readonly ExpectationData[]): Promise<{ readonly expect?: readonly Expectation[] }> {
  if (list.length === 0) return {};
  const { faultText, readExpectations } = await import('../quality-parts.js');
  const { expectations, faults } = readExpectations(list);
  if (faults.length > 0) throw new FatalError(`Nobody can expect this of ${entity}: ${faults.map((fault) => faultText(fault)).join('; ')}`);
  return { expect: expectations };
}
