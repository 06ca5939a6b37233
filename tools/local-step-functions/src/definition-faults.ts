import validate from 'asl-validator';

/** What is wrong with a definition in Amazon States Language; empty when nothing is. */
export function definitionFaults(definition: object): string[] {
  // The validator writes into what it looks at.
  const { errors } = validate(JSON.parse(JSON.stringify(definition)) as object, { checkPaths: true, checkArn: true });
  return errors.map((error) => JSON.stringify(error));
}
