//! Honest bundles, and what an operator who has every key can make of them.

use std::collections::BTreeSet;
use std::path::Path;

use jejak::proof::audit::{FoundLog, SourceKind, audit};
use jejak::proof::bundle::archive::{ArchiveMember, BundleReader, BundleWriter, UnpackedMember};
use jejak::proof::bundle::asked::{AnswerSource, Asked, place};
use jejak::proof::bundle::create::{BundleRequest, CreateError, create};
use jejak::proof::bundle::readme;
use jejak::proof::replay::entries::replay;
use jejak::proof::replay::hold::Against;
use jejak_events::area::AreaCode;
use jejak_events::audit_statement::AuditStatement;
use jejak_events::bundle;
use jejak_events::checkpoint::{Checkpoint, SignedCheckpoint};
use jejak_events::note::NoteSigner;
use jejak_events::tile::{BundlePlace, FULL_WIDTH};
use jejak_events::tree::{Frontier, leaf_hash};
use jejak_events::values::Date;
use jejak_projections::claims::{Claim, Judging};
use jejak_projections::question::Question;
use jejak_projections::views::{view, view_version};
use serde_json::Value;

use crate::cheating::history::{ORIGIN, Recorded, Shown};
use crate::support;

/// Where bundles are made, on a disk of their own.
const OUT: &str = "/out/bukti.zip";

/// The day on which it is asked: that of the last event.
pub const TODAY: &str = "2025-10-10";

const CLAIM: &str = r#"document = "siaran-pers.txt"
publisher = "Dinas Contoh"
claim = "2 IKMs completed a green training in the first half of 2025"
kind = "fact"
unit = "ikm"
value = 2
as_of = 2025-06-30

[indicator]
view = "trained"
figure = "trained"

[scope]
area = "33.75"
theme = "green_industry"
"#;

/// Words that say more than what is counted.
const BOAST: &str = r#"document = "siaran-pers.txt"
publisher = "Dinas Contoh"
claim = "3 IKMs are certified, exported, none revoked"
kind = "fact"
unit = "ikm"
value = 3
as_of = 2025-06-30

[indicator]
view = "registered"
figure = "registered"

[scope]
area = "33.75"
"#;

/// A claim about one value of a breakdown, whose answer names those of the others too.
const WIDER: &str = r#"document = "siaran-pers.txt"
publisher = "Dinas Contoh"
claim = "1 IKM makes batik"
kind = "fact"
unit = "ikm"
value = 1
as_of = 2025-06-30

[indicator]
view = "registered"
figure = "registered"

[scope]
area = "33.75"
commodity = "batik"
"#;

fn asked_claim(text: &str, today: &str, as_known: u64) -> Asked {
    Asked::Claim {
        text: text.to_owned(),
        claim: Box::new(Claim::parse(text).unwrap()),
        stream: None,
        judging: Judging { today: Date::parse(today).unwrap(), on: None, as_known },
    }
}

/// What is asked.
#[derive(Clone, Copy)]
pub enum Asking {
    /// The claim that two IKMs are trained.
    Claim,
    /// The same, asked on another day.
    ClaimOn(&'static str),
    /// A claim whose words say more than what it names to be counted.
    Boast,
    /// A claim about one commodity of several.
    Wider,
    /// A view in a version of it, for the city and a day.
    Version(&'static str, u32, &'static str),
    /// The release at an index.
    Release(u64),
    /// A view, for the city and a day.
    View(&'static str, &'static str),
}

impl Asking {
    fn as_known(self, size: u64) -> Asked {
        match self {
            Self::Claim => asked_claim(CLAIM, TODAY, size),
            Self::ClaimOn(day) => asked_claim(CLAIM, day, size),
            Self::Wider => asked_claim(WIDER, TODAY, size),
            Self::Release(index) => Asked::Release { index, as_known: size },
            Self::Boast => asked_claim(BOAST, TODAY, size),
            Self::View(name, day) => Self::Version(name, view(name).unwrap().version, day).as_known(size),
            Self::Version(name, version, day) => {
                let mut question = Question::new(Date::parse(day).unwrap(), size);
                question.area = Some(AreaCode::parse("33.75").unwrap());
                Asked::View { view: view_version(name, version).unwrap(), question }
            }
        }
    }
}

/// The members of a bundle without its manifest, to be altered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft(pub Vec<(ArchiveMember, Vec<u8>)>);

impl Draft {
    /// The members of a bundle.
    pub fn of(bytes: &[u8]) -> Self {
        let mut reader = BundleReader::new(bytes);
        let mut members = Vec::new();
        while let Some(UnpackedMember { member, bytes }) = reader.next().unwrap() {
            members.push((member, bytes));
        }
        members.retain(|(member, _)| *member != ArchiveMember::Manifest);
        Self(members)
    }

    pub fn content(&mut self, of: ArchiveMember) -> &mut Vec<u8> {
        &mut self.0.iter_mut().find(|(member, _)| *member == of).unwrap().1
    }

    pub fn text(&mut self, of: ArchiveMember) -> String {
        String::from_utf8(self.content(of).clone()).unwrap()
    }

    /// Replaces the first of some words.
    pub fn replace(&mut self, of: ArchiveMember, from: &str, to: &str) {
        let text = self.text(of);
        assert!(text.contains(from), "{of} has no {from}: {text}");
        *self.content(of) = text.replacen(from, to, 1).into_bytes();
    }

    /// Writes a member over, or puts it where it belongs.
    pub fn put(&mut self, member: ArchiveMember, content: impl Into<Vec<u8>>) {
        if let Some((_, old)) = self.0.iter_mut().find(|(own, _)| *own == member) {
            *old = content.into();
            return;
        }
        let fits = |at: &usize| {
            let before = at.checked_sub(1).map(|before| self.0[before].0);
            let after = self.0.get(*at).map_or(ArchiveMember::Manifest, |after| after.0);
            member.may_follow(before) && after.may_follow(Some(member))
        };
        let at = (0..=self.0.len()).find(fits).unwrap();
        self.0.insert(at, (member, content.into()));
    }

    /// Takes a member out.
    pub fn leave_out(&mut self, of: ArchiveMember) {
        let before = self.0.len();
        self.0.retain(|(member, _)| *member != of);
        assert_eq!(self.0.len(), before - 1, "{of}");
    }

    pub fn entries(&self) -> Vec<String> {
        let mut entries = Vec::new();
        for (member, bytes) in &self.0 {
            if let ArchiveMember::Entries(place) = member {
                let decoded = bundle::decode(bytes, place.width()).unwrap();
                entries.extend(decoded.into_iter().map(|one| String::from_utf8(one.to_vec()).unwrap()));
            }
        }
        entries
    }

    pub fn put_entries(&mut self, entries: &[String]) {
        self.0.retain(|(member, _)| !matches!(member, ArchiveMember::Entries(_)));
        for (index, chunk) in (0..).zip(entries.chunks(usize::from(FULL_WIDTH))) {
            let place = BundlePlace::new(index, u16::try_from(chunk.len()).unwrap()).unwrap();
            let bytes = bundle::encode(chunk.iter().map(String::as_bytes)).unwrap();
            self.0.push((ArchiveMember::Entries(place), bytes));
        }
    }
}

/// Whoever has the registry and every key of it.
pub struct Operator {
    pub recorded: Recorded,
    pub entries: Vec<String>,
}

impl Operator {
    pub fn new(seed: u64, history: &[Value]) -> Self {
        Self::of(Recorded::new(seed, history))
    }

    pub fn of(recorded: Recorded) -> Self {
        let entries = recorded.entries();
        recorded.disk.create_directory(Path::new("/out")).unwrap();
        Self { recorded, entries }
    }

    /// A policy that asks for the log's own signature: that of a reader who knows its key.
    pub fn policy(&self) -> String {
        format!("log {}\nquorum none\n", self.recorded.signer("checkpoint").verifier_key())
    }

    /// A checkpoint over entries, by the log's key.
    pub fn signed(&self, entries: &[String]) -> SignedCheckpoint {
        self.signed_as(ORIGIN, entries)
    }

    /// The same under the name of another log.
    pub fn signed_as(&self, origin: &str, entries: &[String]) -> SignedCheckpoint {
        let mut tree = Frontier::new();
        entries.iter().for_each(|entry| tree.push(leaf_hash(entry.as_bytes())));
        let checkpoint = Checkpoint::new(origin, tree.size(), tree.root()).unwrap();
        SignedCheckpoint::sign(checkpoint, &self.recorded.signer_as("checkpoint", origin)).unwrap()
    }

    /// The bundle that `jejak bundle create` makes, at the newest checkpoint.
    pub fn honest(&self, asking: Asking) -> Vec<u8> {
        self.honest_at(asking, self.entries.len() as u64, &self.signed(&self.entries), None)
    }

    /// The same as known earlier, or under another checkpoint, or with a policy to go with it.
    pub fn honest_at(
        &self,
        asking: Asking,
        as_known: u64,
        checkpoint: &SignedCheckpoint,
        policy: Option<&str>,
    ) -> Vec<u8> {
        self.created(&BundleRequest {
            checkpoint: &checkpoint.to_string(),
            asked: &asking.as_known(as_known),
            policy: policy.map(str::as_bytes),
            disclose: &BTreeSet::new(),
            statement: None,
            path: OUT.as_ref(),
            existing: jejak::disk::Existing::Replaced,
            private: false,
            noted: Some((&self.recorded.registry, &support::nobody(), "bundle create")),
        })
    }

    /// The bundle for a view with everything that can go with it: these sealed fields, and what an
    /// auditor stated.
    pub fn honest_beside(&self, asking: Asking, fields: &[&str], auditor: Option<&NoteSigner>) -> Vec<u8> {
        let statement = auditor.map(|auditor| self.stated(auditor, |_| ()));
        let key = auditor.map(NoteSigner::verifier_key);
        self.created(&BundleRequest {
            checkpoint: &self.signed(&self.entries).to_string(),
            asked: &asking.as_known(self.entries.len() as u64),
            policy: None,
            disclose: &fields.iter().map(|field| (*field).to_owned()).collect(),
            statement: statement.as_ref().map(|note| note.as_bytes()).zip(key),
            path: OUT.as_ref(),
            existing: jejak::disk::Existing::Replaced,
            private: false,
            noted: Some((&self.recorded.registry, &support::nobody(), "bundle create")),
        })
    }

    /// What an auditor states of the log, or would state had it been otherwise.
    pub fn stated(&self, auditor: &NoteSigner, otherwise: impl FnOnce(&mut AuditStatement)) -> String {
        let entries = Box::new(Shown(self.entries.clone()));
        let (checkpoint, handovers) = (self.signed(&self.entries), Vec::new());
        let found = FoundLog { kind: SourceKind::Tiles, checkpoint, handovers, entries };
        let audit = audit(found, &Against::default(), &|_| true).unwrap();
        let mut statement = audit.statement().unwrap();
        // Some views are enough, and their number must not change these files.
        statement.views.retain(|view| ["registered", "welfare"].contains(&view.name.as_str()));
        otherwise(&mut statement);
        statement.sign(auditor).unwrap().to_string()
    }

    /// Why no bundle is made at the newest checkpoint.
    pub fn refused(&self, asking: Asking) -> String {
        self.kept_from(asking, &|_| true).to_string()
    }

    /// What keeps a bundle from being made that `go_on` may stop.
    pub fn kept_from(&self, asking: Asking, go_on: &dyn Fn(u64) -> bool) -> CreateError {
        let wanted = BundleRequest {
            checkpoint: &self.signed(&self.entries).to_string(),
            asked: &asking.as_known(self.entries.len() as u64),
            policy: None,
            disclose: &BTreeSet::new(),
            statement: None,
            path: OUT.as_ref(),
            existing: jejak::disk::Existing::Replaced,
            private: false,
            noted: Some((&self.recorded.registry, &support::nobody(), "bundle create")),
        };
        create(&self.recorded.reading(), &*self.recorded.disk, wanted, go_on).unwrap_err()
    }

    fn created(&self, wanted: &BundleRequest<'_>) -> Vec<u8> {
        let (path, disk) = (wanted.path, &*self.recorded.disk);
        create(&self.recorded.reading(), disk, *wanted, &|_| true).unwrap();
        disk.read(path).unwrap()
    }

    /// Packs a draft under the registry's own manifest.
    pub fn packed(&self, draft: &Draft) -> Vec<u8> {
        self.packed_by(draft, &self.recorded.signer("attestation"))
    }

    /// Packs a draft under anybody's manifest.
    pub fn packed_by(&self, draft: &Draft, signer: &NoteSigner) -> Vec<u8> {
        let (path, disk) = (Path::new("/out/altered.zip"), &*self.recorded.disk);
        let mut writer = BundleWriter::create(disk, path, false).unwrap();
        draft.0.iter().for_each(|(member, content)| writer.add(*member, content).unwrap());
        writer.finish(signer).unwrap().publish(jejak::disk::Existing::Replaced).unwrap();
        disk.read(path).unwrap()
    }

    /// Puts other entries into a draft, signs a checkpoint over them, and counts the answer anew from them: a
    /// bundle that agrees with itself, where the entries do.
    pub fn count_anew(&self, draft: &mut Draft, entries: &[String]) {
        let size = entries.len() as u64;
        let claim = draft.0.iter().any(|(member, _)| *member == ArchiveMember::Claim);
        let claim = claim.then(|| draft.content(ArchiveMember::Claim).clone());
        let (mut asked, beside) =
            Asked::read(claim.as_deref(), draft.content(ArchiveMember::Question)).unwrap();
        match &mut asked {
            Asked::Claim { judging, .. } => judging.as_known = size,
            Asked::View { question, .. } => question.as_known = size,
            Asked::Release { as_known, .. } => *as_known = size,
        }
        let replayed = replay(&mut Shown(entries.to_vec()), size, [size], &|_| true).unwrap();
        let synthetic = replayed.opened.as_ref().unwrap().0.synthetic;
        let place = place(&replayed, size, replayed.root, synthetic).unwrap();
        let ground = AnswerSource { facts: &replayed.facts, log: &replayed, size, synthetic };
        let answered = asked.answer(ground, &place, beside.list);
        draft.put(ArchiveMember::Checkpoint, self.signed(entries).to_string());
        draft.put(ArchiveMember::Question, asked.question(&beside).unwrap());
        // Where the rules refuse an entry nothing is counted; then the answer stays as it was.
        if let Ok(answered) = answered {
            let signed = self.signed(entries);
            draft.put(ArchiveMember::Readme, readme(signed.unverified(), &asked, &beside, &answered.told));
            draft.put(ArchiveMember::Definition, answered.definition);
            draft.put(ArchiveMember::Answer, answered.json);
        }
        draft.put_entries(entries);
    }
}
