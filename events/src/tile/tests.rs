use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{prove::Prover, tree::leaf_hash};

/// A tree grown over the leaves `0..size` (each the decimal digits of its index) with its full tiles.
pub(crate) struct Grown {
    pub tree: TileTree,
    pub stored: BTreeMap<Tile, Vec<u8>>,
}

impl Grown {
    pub fn new(size: u64) -> Self {
        let mut grown = Self { tree: TileTree::new(), stored: BTreeMap::new() };
        for index in 0..size {
            for full in grown.tree.push(leaf_hash(index.to_string().as_bytes())) {
                assert!(grown.stored.insert(full.tile, full.bytes).is_none(), "each tile is emitted once");
            }
        }
        grown
    }

    pub fn read(&self, tile: Tile) -> Result<Vec<u8>, String> {
        self.stored.get(&tile).cloned().ok_or_else(|| format!("{tile} is not stored"))
    }

    pub fn prover(&self) -> Prover<impl TileSource<Error = String>> {
        Prover::of_tree(&self.tree, |tile| self.read(tile))
    }
}

#[test]
fn path_is_written_as_the_spec_shows() {
    let path = |level, index, width| Tile::new(level, index, width).unwrap().to_string();
    assert_eq!(path(0, 0, 256), "tile/0/000");
    assert_eq!(path(1, 67, 5), "tile/1/067.p/5");
    assert_eq!(path(0, 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(path(63, 1000, 255), "tile/63/x001/000.p/255");
    assert_eq!(path(0, u64::MAX, 256), "tile/0/x018/x446/x744/x073/x709/x551/615");
    assert_eq!(BundlePlace::new(1067, 256).unwrap().to_string(), "tile/entries/x001/067");
    assert_eq!(BundlePlace::new(0, 3).unwrap().to_string(), "tile/entries/000.p/3");
}

#[test]
fn path_in_any_other_spelling_is_refused() {
    for path in [
        "",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/67",
        "tile/0/0067",
        "tile/0/+67",
        "tile/0/x067",
        "tile/0/x000/067",
        "tile/0/001/067",
        "tile/0/x001/x067",
        "tile/00/067",
        "tile/64/067",
        "tile/-1/067",
        "tile/0/067/",
        "tile/0/067.p",
        "tile/0/067.p/0",
        "tile/0/067.p/256",
        "tile/0/067.p/05",
        "tile/0/067.p/5.p/5",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "/tile/0/067",
        "tile/0/067\n",
        "tile/entries/067",
    ] {
        assert_eq!(path.parse::<Tile>(), Err(TileError::Path(path.into())));
    }
    for path in ["tile/entries/67", "tile/entries/x000/067", "tile/entries/067.p/0", "tile/0/067"] {
        assert_eq!(path.parse::<BundlePlace>(), Err(TileError::Path(path.into())));
    }
    assert_eq!(Tile::new(64, 0, 1), Err(TileError::Level(64)));
    assert_eq!(Tile::new(0, 0, 0), Err(TileError::Width(0)));
    assert_eq!(Tile::new(0, 0, 257), Err(TileError::Width(257)));
    assert_eq!(BundlePlace::new(0, 257), Err(TileError::Width(257)));
}

#[test]
fn tiles_of_70000_leaves_are_those_of_the_spec() {
    let tiles: Vec<Tile> = Tile::all(70_000).collect();
    let of_level = |level| tiles.iter().filter(move |tile| tile.level == level);
    assert_eq!(of_level(0).filter(|tile| tile.is_full()).count(), 273);
    assert_eq!(of_level(0).next_back(), Tile::new(0, 273, 112).ok().as_ref());
    let upper: Vec<String> = tiles.iter().filter(|tile| tile.level > 0).map(Tile::to_string).collect();
    assert_eq!(upper, ["tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]);
    assert_eq!(tiles.len(), 274 + 3);

    let paths = |size| Tile::all(size).map(|tile| tile.to_string()).collect::<Vec<_>>();
    assert_eq!(paths(0), Vec::<String>::new());
    assert_eq!(paths(256), ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(Tile::in_tree(256, 0, 1), None);
    assert_eq!(Tile::in_tree(u64::MAX, 7, 0), Tile::new(7, 0, 255).ok());
    assert_eq!(Tile::in_tree(u64::MAX, 8, 0), None);
    assert_eq!(Tile::in_tree(u64::MAX, 0, u64::MAX), None);
    assert_eq!(BundlePlace::in_tree(257, 1), BundlePlace::new(1, 1).ok());
}

#[test]
fn grown_tree_has_exactly_the_tiles_of_its_size() {
    for size in [0, 1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000] {
        let Grown { tree, stored } = Grown::new(size);
        let mut tiles: Vec<Tile> = stored.keys().copied().collect();
        assert!(tiles.iter().all(Tile::is_full));
        assert!(stored.iter().all(|(tile, bytes)| tile.hashes(bytes).is_ok()));
        tiles.extend(tree.partial_tiles().map(|partial| partial.tile));
        tiles.sort();
        assert_eq!(tiles, Tile::all(size).collect::<Vec<_>>(), "size {size}");
    }
}

#[test]
fn clone_leaves_the_original_as_it_was() {
    let Grown { mut tree, .. } = Grown::new(255);
    let before = tree.clone();
    let mut trial = tree.clone();
    assert_eq!(trial.push(leaf_hash(b"x")).len(), 1);
    assert_eq!(tree, before);
    assert_eq!(tree.push(leaf_hash(b"x")).len(), 1);
    assert_eq!(tree, trial);
}

#[test]
fn restore_gives_the_same_tree() {
    for size in [0, 1, 255, 256, 257, 600, 65_536, 65_537, 66_000] {
        let grown = Grown::new(size);
        let restored = TileTree::restore(size, grown.tree.edge_leaves(), &|tile| grown.read(tile)).unwrap();
        assert_eq!(restored, grown.tree, "size {size}");
        assert_eq!(restored.root(), grown.tree.root());
    }
}

#[test]
fn restore_refuses_what_does_not_fit() {
    let grown = Grown::new(600);
    let leaves = grown.tree.edge_leaves();
    let short = TileTree::restore(600, &leaves[1..], &|tile| grown.read(tile)).unwrap_err();
    assert_eq!(short, RestoreError::Tile(TileError::EdgeLeaves { size: 600, wanted: 88, found: 87 }));

    let missing = TileTree::restore(600 + 256, leaves, &|tile| grown.read(tile)).unwrap_err();
    let tile = Tile::new(0, 2, 256).unwrap();
    assert_eq!(missing, RestoreError::Source { tile, cause: "tile/0/002 is not stored".into() });

    let cut = TileTree::restore(600, leaves, &|_| Ok::<_, String>(vec![0; 8191])).unwrap_err();
    let tile = Tile::new(0, 0, 256).unwrap();
    let length = TileError::Length { tile, wanted_bytes: 8192, found_bytes: 8191 };
    assert_eq!(cut, RestoreError::Tile(length));
}

#[test]
fn a_flipped_bit_in_a_tile_changes_the_restored_root() {
    let grown = Grown::new(600);
    let flipped = |tile: Tile| {
        grown.read(tile).map(|mut bytes| {
            bytes[17] ^= 1;
            bytes
        })
    };
    let restored = TileTree::restore(600, grown.tree.edge_leaves(), &flipped).unwrap();
    assert_ne!(restored.root(), grown.tree.root());
}

proptest! {
    #[test]
    fn path_round_trips(level in 0..=63u8, index: u64, width in 1..=256u16) {
        let tile = Tile::new(level, index, width).unwrap();
        prop_assert_eq!(tile.to_string().parse::<Tile>(), Ok(tile));
        let bundle = BundlePlace::new(index, width).unwrap();
        prop_assert_eq!(bundle.to_string().parse::<BundlePlace>(), Ok(bundle));
    }

    #[test]
    fn path_parser_takes_only_what_it_prints(path in "tile/[0-9e]{1,2}/(x?[0-9]{2,3}/){0,2}[0-9]{3}(\\.p/[0-9]{1,3})?") {
        if let Ok(tile) = path.parse::<Tile>() {
            prop_assert_eq!(tile.to_string(), path);
        }
    }
}
