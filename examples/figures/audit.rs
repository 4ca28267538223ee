//! An audit beside `sha256sum` over the same entries: time and peak memory, each in a process of its own.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use jejak::disk::RealDisk;
use jejak::proof::audit::audit_at;
use jejak::proof::replay::hold::Against;
use jejak_events::policy::Policy;

use super::{domain, median, peak_kib, registry};

/// Rounds of audit and `sha256sum`, by turns, so that a noisy machine hits both alike.
const ROUNDS: usize = 3;

/// Makes a registry over the whole domain and has it audited.
pub fn beside_sha256sum(base: &Path, events: u64) {
    let shape = domain::Domain::of(events);
    let dir = base.join("audited");
    let opened = registry(&dir);
    let recorded = super::append_all(&opened, shape.proposals(), 1000);
    let entries = base.join("entries");
    let mut text = Vec::new();
    let size = opened.reader().size();
    opened
        .reader()
        .scan(0..size, &mut |_, event| {
            text.extend_from_slice(event);
            text.push(b'\n');
            true
        })
        .expect("reads");
    std::fs::write(&entries, &text).expect("written");
    println!("\naudit of {recorded} events, {:.0} MB", text.len() as f64 / 1e6);
    drop(text);
    let vkey = opened.log_keys().current().expect("a key").to_string();
    opened.close().expect("closes");

    let this = std::env::current_exe().expect("this program");
    let timed = |command: &mut Command| {
        let started = Instant::now();
        assert!(command.stdout(std::process::Stdio::inherit()).status().expect("it starts").success());
        started.elapsed().as_secs_f64()
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        theirs.push(timed(Command::new("sha256sum").arg(&entries)));
        ours.push(timed(Command::new(&this).args(["0", "audited"]).arg(&dir).arg(&vkey)));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!(
        "audit {ours:.2} s, {:.0} events/s; sha256sum {theirs:.3} s; ratio {:.1}",
        size as f64 / ours,
        ours / theirs
    );
}

/// Audits a data directory, in a process of its own.
pub fn audited(dir: &Path, vkey: &str) {
    let policy = Policy::of_log(vkey.parse().expect("a vkey")).expect("a log's key");
    let against = Against { policy: Some(policy), ..Against::default() };
    let started = Instant::now();
    let (_, audit) = audit_at(Arc::new(RealDisk), dir, None, &against, &|_| true).expect("an audit");
    println!(
        "  audited in {:.2} s, sound: {}; peak memory {} MiB",
        started.elapsed().as_secs_f64(),
        audit.is_sound(),
        peak_kib() / 1024
    );
    assert!(audit.is_sound(), "{:#?}", audit.checks);
}
