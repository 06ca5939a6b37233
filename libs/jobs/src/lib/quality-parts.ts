/* What reading a jobs file uses of the package, by name, as in sdk/s3.ts. Reached by dynamic import alone. */
export { faultText, readExpectations } from '@loadin/quality';
