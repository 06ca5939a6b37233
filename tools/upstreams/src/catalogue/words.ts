/** Material for names. `Midnight`, `Velvet` and `Echo` come more often: they are what the demonstration searches for. */
export const openings = [
  ...['Midnight', 'Midnight', 'Velvet', 'Crimson', 'Silver', 'Hollow', 'Paper', 'Neon', 'Golden', 'Broken', 'Quiet', 'Electric', 'Distant'],
  ...['Wandering', 'Northern', 'Little', 'Burning', 'Frozen', 'Lonely', 'Painted', 'Secret', 'Wild', 'Hidden', 'Rusty', 'Sleeping', 'Young'],
  ...['Ancient', 'Cosmic', 'Marble', 'Copper', 'Salt', 'Winter', 'Summer', 'Violet', 'Amber', 'Glass', 'Iron', 'Plastic', 'Holy', 'Slow'],
  ...['Sudden', 'Brave', 'Gentle', 'Restless', 'Faded', 'Bright', 'Blue', 'Black', 'White', 'Scarlet', 'Emerald', 'Cardboard', 'Concrete'],
] as const;

export const nouns = [
  ...['Echo', 'Echo', 'Harbor', 'Lantern', 'Parade', 'River', 'Engine', 'Garden', 'Mirror', 'Signal', 'Canyon', 'Orchard', 'Satellite', 'Tiger'],
  ...['Machine', 'Cathedral', 'Wolf', 'Sparrow', 'Kingdom', 'Carnival', 'Avenue', 'Horizon', 'Whisper', 'Thunder', 'Anchor', 'Compass', 'Ember'],
  ...['Forest', 'Ghost', 'Hotel', 'Island', 'Jungle', 'Kite', 'Lighthouse', 'Meadow', 'Nomad', 'Ocean', 'Piano', 'Quarry', 'Railway', 'Shadow'],
  ...['Telegraph', 'Umbrella', 'Valley', 'Window', 'Zeppelin', 'Arcade', 'Ballroom', 'Cinema', 'Dynamo', 'Empire', 'Fountain', 'Glacier', 'Heron'],
] as const;

export const firstNames = [
  'Ada',
  'Ben',
  'Clara',
  'Dario',
  'Elif',
  'Femi',
  'Greta',
  'Hugo',
  'Ines',
  'Jonas',
  'Kaya',
  'Lior',
  'Mina',
  'Noor',
  'Otis',
  'Pia',
] as const;
export const lastNames = [
  ...['Abara', 'Brandt', 'Castell', 'Dufour', 'Ekholm', 'Farrow', 'Gallo', 'Hartwell', 'Ibsen', 'Jansky', 'Keller', 'Lindqvist', 'Moreau'],
  ...['Navarro', 'Okafor', 'Petrov', 'Quist', 'Rahal', 'Sorensen', 'Tanaka', 'Ulmer', 'Varga', 'Winslow', 'Yildiz', 'Zamora'],
] as const;
export const nonAscii = [
  ...[
    'Björn',
    'Señales',
    'Año Nuevo',
    'Çelik',
    'Łódź',
    'Žalud',
    'Ångström',
    'Übermut',
    'Ñandú',
    'Été',
    'Σείριος',
    'Мираж',
    '夜の電車',
    '서울의 밤',
    'Sigur Þór',
  ],
  ...['Mañana', 'Fjäril', 'Öresund', 'Déjà', 'Günther'],
] as const;
export const additions = [
  'Collective',
  'Trio',
  'Society',
  'Ensemble',
  'Project',
  'Quartet',
  'Club',
  'Band',
  'Orchestra',
  'Sound System',
  'Brothers',
  'Sisters',
] as const;

export const artistGenres = [
  ...[
    'dream pop',
    'dream pop',
    'indie rock',
    'indie folk',
    'synthwave',
    'post-punk',
    'shoegaze',
    'afrobeat',
    'bossa nova',
    'chamber pop',
    'deep house',
  ],
  ...[
    'techno',
    'ambient',
    'jazz fusion',
    'neo soul',
    'hip hop',
    'trap',
    'reggaeton',
    'cumbia',
    'flamenco',
    'folk rock',
    'country',
    'bluegrass',
    'metal',
  ],
  ...['doom metal', 'hard rock', 'garage rock', 'psychedelic rock', 'punk', 'ska', 'grime', 'drum and bass', 'classical', 'opera', 'k-pop', 'j-pop'],
] as const;

export const venueKinds = [
  'Arena',
  'Hall',
  'Theatre',
  'Club',
  'Amphitheater',
  'Pavilion',
  'Ballroom',
  'Stadium',
  'Opera House',
  'Lounge',
  'Civic Center',
  'Park',
] as const;
export const junkVenueNames = [
  '**DO NOT USE**',
  '*Various Venues*',
  'TBA',
  '#2 please do not use, old account',
  '-',
  'Test venue (ignore)',
  '**Venue TBA 24 hours before',
] as const;
export const streets = [
  'Main Street',
  'Station Road',
  'Harbor Drive',
  'Mill Lane',
  'Market Square',
  '5th Avenue',
  'Hauptstraße',
  'Drottninggatan',
  'Río Grande',
] as const;
export const tourWords = [
  'World Tour',
  'Live',
  'Unplugged',
  'Album Release Show',
  'An Evening With',
  'Farewell Tour',
  'Acoustic Night',
  'Summer Sessions',
] as const;
export const infos = [
  'Doors open one hour before the show.',
  'Alle Tickets gelten als Sitzplätze; Einlass ab 18 Jahren.',
  'Everyone over the age of two needs a ticket.\nCameras with detachable lenses are not permitted.',
  'Entrée réservée aux détenteurs de billets "VIP".',
] as const;
