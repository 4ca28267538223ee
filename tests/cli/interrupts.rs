//! Ctrl-C in the middle of long work leaves a registry that `verify` accepts.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Stdio};

use super::proposals::{lines, registered};
use super::{World, ran};

fn press_control_c(child: &Child) {
    let pid = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
}

#[test]
fn an_append_stops_between_two_requests_and_keeps_what_it_acknowledged() {
    let world = World::new();
    let path = world.beside("many.jsonl");
    std::fs::write(&path, lines((1..=60_000).map(registered))).unwrap();
    let mut command = world.command(&["append", path.to_str().unwrap()]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    out.read_line(&mut first).unwrap();
    press_control_c(&child);
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    let left = ran(child.wait_with_output().unwrap());
    assert_eq!(left.code, 130, "{}", left.err);
    let acknowledged = 1 + rest.lines().count() as u64;
    assert!(acknowledged < 60_000, "it was too fast to be interrupted");
    assert!(left.err.contains("stopping after this step; press Ctrl-C again to end at once"), "{}", left.err);
    let line = jejak_events::types::grouped(acknowledged.into(), ',');
    assert!(left.err.contains(&format!("stopped after line {line}")), "{}", left.err);
    assert_eq!(world.json(&["view"])["log"]["size"], acknowledged + 1);
    world.assert_sound();
}

#[test]
fn an_append_that_waits_for_input_stops_at_once() {
    let world = World::new();
    let mut command = world.command(&["append", "-"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(lines([registered(1)]).as_bytes()).unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    out.read_line(&mut first).unwrap();
    press_control_c(&child);
    // The input stays open: only the signal can end it.
    let left = ran(child.wait_with_output().unwrap());
    drop(input);
    assert_eq!(left.code, 130, "{}", left.err);
    world.assert_sound();
}

#[test]
fn an_export_that_nobody_reads_ends_with_the_first_control_c() {
    let world = World::new();
    world.append(&lines((1..=1_500).map(registered)), &[]);
    let mut command = world.command(&["log", "export"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // More is written than pipe and buffers hold, so it waits for a reader from here on.
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0]).unwrap();
    press_control_c(&child);
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(130), "jejak: stopped at once\n"));
    drop(out);
    world.assert_sound();
}

#[test]
fn a_rebuild_and_a_verify_can_be_stopped() {
    let world = World::new();
    world.append(&lines((1..=20_000).map(registered)), &[]);
    for command in ["rebuild", "verify"] {
        let mut child =
            world.command(&[command]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Wherever it is by now, before the handler is set or after the work is done included.
        std::thread::sleep(std::time::Duration::from_millis(700));
        press_control_c(&child);
        let status = child.wait().unwrap();
        let fine = status.code().is_none_or(|code| code == 130 || code == 0);
        assert!(fine, "{command}: {status}");
        assert_eq!(world.json(&["view"])["log"]["size"], 20_001);
    }
    world.assert_sound();
}
