//! Changes to bytes, drawn from a seed: the same seed gives the same inputs on every machine.

/// SplitMix64.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `below` - 1; 0 where there is nothing below.
    pub fn below(&mut self, below: usize) -> usize {
        (self.roll() % below.max(1) as u64) as usize
    }
}

/// What parsers trip over: ends of ranges, other writings of a value, structure, steering characters.
const WORDS: &[&str] = &[
    "-1",
    "0",
    "1e3",
    "1.0",
    "9007199254740992",
    "9007199254740993",
    "18446744073709551616",
    "null",
    "true",
    "[]",
    "{}",
    "[[[[[[[[",
    "{\"a\":{\"a\":{\"a\":",
    "\"\"",
    "\"id\"",
    ",",
    ":",
    "\"",
    "\\u0000",
    "\\ud800",
    "\\",
    "\n",
    "\r\n",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "\u{ad}",
    "\u{1b}[2J",
    "e\u{301}",
    "2025-02-30",
    "0000-00-00",
    "9999-12-31",
    "24:60:60",
    "+99:99",
    "\u{2014} a b\n",
    "quorum 9\n",
    "group g any\n",
    "==",
    "%00",
    "../",
    "<",
    "]]>",
    "PK\u{3}\u{4}",
];

/// One to four changes to `seed`, some of them with parts of `other`.
pub fn mutate(dice: &mut Dice, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(4) {
        change(dice, &mut bytes, other);
    }
    bytes
}

fn range(dice: &mut Dice, length: usize) -> std::ops::Range<usize> {
    let from = dice.below(length + 1);
    let most = [1, 4, 16, 64, 512, length][dice.below(6)].max(1);
    from..(from + 1 + dice.below(most)).min(length)
}

fn change(dice: &mut Dice, bytes: &mut Vec<u8>, other: &[u8]) {
    let at = dice.below(bytes.len() + 1);
    match dice.below(9) {
        0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
        1 if at < bytes.len() => bytes[at] = dice.roll() as u8,
        2 => drop(bytes.drain(range(dice, bytes.len()))),
        3 => {
            let part = bytes[range(dice, bytes.len())].to_vec();
            let times = [1, 1, 2, 100][dice.below(4)];
            if part.len() * times < 1 << 20 {
                drop(bytes.splice(at..at, part.repeat(times)));
            }
        }
        4 => bytes.truncate(at),
        5 => drop(bytes.splice(at..at, other[range(dice, other.len())].iter().copied())),
        6 => {
            let taken = range(dice, bytes.len());
            drop(bytes.splice(taken, other[range(dice, other.len())].iter().copied()));
        }
        _ => {
            let word = WORDS[dice.below(WORDS.len())].as_bytes();
            let end = if dice.below(2) == 0 { at } else { (at + word.len()).min(bytes.len()) };
            drop(bytes.splice(at..end, word.iter().copied()));
        }
    }
}
