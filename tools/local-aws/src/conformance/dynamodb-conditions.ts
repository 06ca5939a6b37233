import assert from 'node:assert/strict';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import type { ConformanceCheck } from '../service.js';
import type { ConformanceClients } from './clients.js';
import { key, number, text, withTable } from './dynamodb-table.js';
import { refused } from './refusal.js';

const FAILED = 'ConditionalCheckFailedException';
const absent = { ConditionExpression: 'attribute_not_exists(pk)' };
const atRevision = (revision: number): { ConditionExpression: string; ExpressionAttributeValues: { ':r': { N: string } } } => ({
  ConditionExpression: 'revision = :r',
  ExpressionAttributeValues: { ':r': { N: String(revision) } },
});

/** Single-item conditional writes: what checkpoints, leases and quotas stand on. */
export const conditionChecks: readonly ConformanceCheck<ConformanceClients>[] = [
  {
    id: 'dynamodb/create-if-absent',
    title: 'attribute_not_exists lets the first put through and refuses the second with its typed exception',
    run: (clients) =>
      withTable(clients, async (table) => {
        await table.put({ ...key('a'), owner: text('first') }, absent);
        await refused(table.put({ ...key('a'), owner: text('second') }, absent), FAILED);
        assert.deepEqual((await table.get(key('a')))?.['owner'], text('first'));
      }),
  },
  {
    id: 'dynamodb/put-if-revision',
    title: 'a put at the revision that was read goes through, at another it is refused and changes nothing',
    run: (clients) =>
      withTable(clients, async (table) => {
        await table.put({ ...key('a'), revision: number(1) });
        await table.put({ ...key('a'), revision: number(2) }, atRevision(1));
        await refused(table.put({ ...key('a'), revision: number(2), lost: text('yes') }, atRevision(1)), FAILED);
        assert.deepEqual(await table.get(key('a')), { ...key('a'), revision: number(2) });
      }),
  },
  {
    id: 'dynamodb/put-if-revision-missing',
    title: 'a put at a revision of an item that does not exist is refused',
    run: (clients) =>
      withTable(clients, async (table) => {
        await refused(table.put({ ...key('a'), revision: number(2) }, atRevision(1)), FAILED);
        assert.equal(await table.get(key('a')), undefined);
      }),
  },
  {
    id: 'dynamodb/one-of-many-wins',
    title: 'of ten puts at the same revision at once exactly one goes through',
    run: (clients) =>
      withTable(clients, async (table) => {
        await table.put({ ...key('a'), revision: number(0) });
        const tries = Array.from({ length: 10 }, (_, i) => table.put({ ...key('a'), revision: number(1), owner: text(`o${i}`) }, atRevision(0)));
        const outcomes = await Promise.allSettled(tries);
        assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
        const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
        assert.deepEqual((await table.get(key('a')))?.['owner'], text(`o${winner}`));
      }),
  },
  {
    id: 'dynamodb/update-condition',
    title: 'an update under a condition on names and values is made or refused as a whole',
    run: (clients) =>
      withTable(clients, async (table) => {
        await table.put({ ...key('a'), status: text('held'), until: number(10) });
        const take = (now: number): Promise<unknown> =>
          table.update(key('a'), 'SET #s = :taken', {
            ConditionExpression: '#s = :free OR #u < :now',
            ExpressionAttributeNames: { '#s': 'status', '#u': 'until' },
            ExpressionAttributeValues: { ':taken': text('taken'), ':free': text('free'), ':now': number(now) },
          });
        await refused(take(9), FAILED);
        await take(11);
        assert.deepEqual((await table.get(key('a')))?.['status'], text('taken'));
      }),
  },
  {
    id: 'dynamodb/delete-condition',
    title: 'a delete under a condition that does not hold leaves the item',
    run: (clients) =>
      withTable(clients, async (table) => {
        await table.put({ ...key('a'), revision: number(2) });
        const remove = (revision: number): Promise<unknown> =>
          clients.dynamodb.send(new DeleteItemCommand({ TableName: table.name, Key: key('a'), ...atRevision(revision) }));
        await refused(remove(1), FAILED);
        assert.ok(await table.get(key('a')));
        await remove(2);
        assert.equal(await table.get(key('a')), undefined);
      }),
  },
];
