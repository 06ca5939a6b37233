export { openAthena, type Athena, type ColumnTypes } from './athena.js';
