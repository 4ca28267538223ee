//! What reading a few events costs: anywhere in the log, and all of one stream, beside a plain file with the same bytes and
//! the offset of each event in memory.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::Instant;

use jejak_events::identity::Subject;
use jejak_events::record::Event;

const ROUNDS: usize = 5;
/// Events read in a round, one here and one there.
const SINGLE: usize = 20_000;
/// Streams read in a round.
const STREAMS: usize = 500;

/// One event after another, of the registry and of the file.
struct Both<'a> {
    log: &'a dyn Fn(u64) -> Vec<u8>,
    plain: &'a dyn Fn(u64) -> Vec<u8>,
}

impl Both<'_> {
    /// Medians of rounds by turns, in events per second.
    fn measure(&self, what: &str, indexes: &[u64]) {
        let mut seconds = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for (read, seconds) in [self.log, self.plain].into_iter().zip(&mut seconds) {
                let started = Instant::now();
                let bytes: usize = indexes.iter().map(|index| read(*index).len()).sum();
                seconds.push(started.elapsed().as_secs_f64());
                assert!(bytes > indexes.len(), "events are longer than nothing");
            }
        }
        let [log, plain] = seconds.map(|mut seconds| {
            seconds.sort_by(f64::total_cmp);
            indexes.len() as f64 / seconds[ROUNDS / 2]
        });
        println!("{what:<44} {log:>12.0} {plain:>12.0} {:>7.2}", log / plain);
    }
}

/// Reads of a registry that is there already.
pub fn measure(dir: &Path) {
    let (opened, size) = super::timed_open(dir);
    let reader = opened.reader();
    let path = dir.with_extension("plain");
    let mut offsets = vec![0];
    let mut file = std::io::BufWriter::new(File::create(&path).expect("a file"));
    reader
        .scan(0..size, &mut |_, event| {
            file.write_all(event).expect("it takes them");
            offsets.push(offsets[offsets.len() - 1] + event.len() as u64);
            true
        })
        .expect("the log");
    file.into_inner().expect("all of it").sync_all().expect("durable");
    let file = File::open(&path).expect("the file");
    let plain = |index: u64| {
        let place = usize::try_from(index).expect("a place");
        let length = usize::try_from(offsets[place + 1] - offsets[place]).expect("a length");
        let mut bytes = vec![0; length];
        file.read_exact_at(&mut bytes, offsets[place]).expect("the event");
        bytes
    };
    let log = |index: u64| reader.read(index).expect("the event");
    let both = Both { log: &log, plain: &plain };

    let mut random = super::random_indexes(size);
    let single: Vec<u64> = (0..SINGLE).map(|_| random()).collect();
    let mut streams: BTreeSet<Subject> = BTreeSet::new();
    for _ in 0..STREAMS {
        streams.insert(Event::read(&log(random())).expect("an event").draft.subject);
    }
    let snapshot = opened.snapshot();
    let of_streams: Vec<u64> = streams.iter().flat_map(|stream| snapshot.history(*stream)).collect();
    println!(
        "\nreads of a log of {size} events (events/s; the plain file: offsets in memory, one read each)"
    );
    println!("{:<44} {:>12} {:>12} {:>7}", "", "registry", "plain", "ratio");
    both.measure("single, anywhere", &single);
    both.measure(&format!("by stream, {} events of each", of_streams.len() / streams.len()), &of_streams);
    std::fs::remove_file(&path).expect("the file goes away");
    opened.close_without_anchor().expect("closes");
}
