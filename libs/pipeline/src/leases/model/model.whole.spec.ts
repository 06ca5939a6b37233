import { theRulesHold } from './stories.fixture.js';

describe('whatever happens between attempts of one job, in a great many stories, the rules hold', () => {
  theRulesHold(400);
});
