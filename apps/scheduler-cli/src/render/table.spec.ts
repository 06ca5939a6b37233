import { renderTable } from './table.js';

describe('a table', () => {
  it('makes columns as wide as their widest cell, numbers to the right, without blanks at line ends', () => {
    const rows = [
      ['artists', '1,234', 'fine'],
      ['a very long name', '5', ''],
    ];
    expect(renderTable([{ title: 'STREAM' }, { title: 'READ', align: 'right' }, { title: 'NOTE' }], rows)).toEqual([
      'STREAM             READ  NOTE',
      'artists           1,234  fine',
      'a very long name      5',
    ]);
  });

  it('of no rows is its heading', () => {
    expect(renderTable([{ title: 'JOB' }, { title: 'STREAM' }], [])).toEqual(['JOB  STREAM']);
  });
});
