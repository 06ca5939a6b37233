export { createShop, sharesOf } from './fill.js';
export { changeShop } from './changes.js';
export { countShop } from './count.js';
export { openLateCommit, type LateCommit } from './late.js';
export { SHOP_TABLES, type ChangeOptions, type ShopChanges, type ShopCounts, type ShopOptions, type ShopTable } from './types.js';
