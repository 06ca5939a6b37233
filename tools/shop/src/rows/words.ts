/** Names as customers have them: also such as are no ASCII, or hard on formats. */
export const FIRST_NAMES = [
  'Ada',
  'Björn',
  'Chloé',
  'Dmitri',
  'Esra',
  'Fatima',
  'Grace',
  'Håkon',
  'Ioana',
  'João',
  'Kenji',
  '李',
  'Μαρία',
  'Nia',
  'Óscar',
  'Zoë',
];
export const LAST_NAMES = [
  'Åkesson',
  'Brown',
  "D'Angelo",
  'Fernández',
  'Γεωργίου',
  'Ivanova',
  'Jensen',
  'Kowalski',
  'Müller',
  'Nguyễn',
  "O'Neil",
  '佐藤',
  'Smith',
  'van der Berg',
];
export const CITIES = ['Aarhus', 'Bogotá', 'Çanakkale', 'Dresden', 'Kraków', 'Malmö', 'Nairobi', 'São Paulo', 'Tokyo', 'Zürich'];
export const STREETS = ['Main Street', 'Rue de l’Église', 'Bahnhofstraße', 'Calle Mayor', '中央通り'];
export const TAGS = ['vip', 'b2b', 'student', 'two words', 'with,comma', 'back\\slash', '"quoted"'];
export const ADJECTIVES = ['Amber', 'Brushed', 'Classic', 'Deep', 'Folding', 'Little', 'Quiet', 'Solid', 'Warm', 'Wild'];
export const THINGS = ['amplifier', 'backpack', 'chair', 'drum', 'flute', 'guitar', 'hoodie', 'lamp', 'mug', 'poster', 'record', 'scarf'];
export const CATEGORIES = ['music', 'clothing', 'home', 'travel'];
export const NOTES = ['leave at the door', 'ring\ntwice', 'gift\twrapped', 'C:\\orders', 'кому: Анна', '🎁', ''];
export const WAREHOUSES = ['AMS', 'OSL'];
