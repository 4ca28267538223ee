//! Typed errors of the record, its proofs and what is counted from it.

use super::super::Pair;

/// The typed errors (`#[error("...")]`) of the crates `events` and `projections`, and those alike.
pub const RECORD: &[Pair] = &[
    (
        "line 1 is not `jejak audit statement v1`: this is no audit statement, or of another version",
        "baris 1 bukan `jejak audit statement v1`: ini bukan pernyataan pemeriksaan, atau versinya lain",
    ),
    (
        "line {line} of the audit statement is not `{wanted}`",
        "baris {line} pernyataan pemeriksaan bukan `{wanted}`",
    ),
    (
        "line {line} of the audit statement: the views stand in the order of their names and versions, each once",
        "baris {line} pernyataan pemeriksaan: tampilan ditulis menurut urutan nama dan versinya, masing-masing satu kali",
    ),
    (
        "entry {position} of the bundle has {length_bytes} bytes, at most 65535 fit: split or shorten it",
        "isi ke-{position} berkas gabungan panjangnya {length_bytes} byte, paling banyak 65535: bagi atau persingkat",
    ),
    ("a bundle holds 1 to 256 entries, not {*0}", "berkas gabungan memuat 1 sampai 256 isi, bukan {0}"),
    (
        "the bundle ends inside entry {position}, whose prefix begins at byte {offset}: read it again",
        "berkas gabungan berakhir di tengah isi ke-{position}, yang panjangnya ditulis pada byte {offset}: baca sekali lagi",
    ),
    (
        "{extra_bytes} bytes follow the last of {width} entries, at byte {offset}",
        "{extra_bytes} byte menyusul sesudah isi terakhir dari {width}, pada byte {offset}",
    ),
    (
        "the checkpoint has {*0} lines, expected at least three: origin, size and root",
        "checkpoint punya {0} baris, seharusnya paling sedikit tiga: asal, ukuran dan akar",
    ),
    (
        "line {*0} of the checkpoint is empty or has no newline at its end",
        "baris {0} checkpoint kosong atau tidak diakhiri ganti baris",
    ),
    (
        "line 2 of the checkpoint, `{0}`, is no size: expected a decimal number without leading zeroes",
        "baris 2 checkpoint, `{0}`, bukan ukuran: tulis bilangan desimal tanpa nol di depan",
    ),
    (
        "line 3 of the checkpoint, `{0}`, is no root hash: expected the base64 of 32 bytes",
        "baris 3 checkpoint, `{0}`, bukan akar: seharusnya 32 byte dalam base64",
    ),
    (
        "the checkpoint states size 0 with root {*0}, which is not the root of the empty tree",
        "checkpoint menyebut ukuran 0 dengan akar {0}, yang bukan akar pohon kosong",
    ),
    (
        "the checkpoint is of `{found}`, the key is of `{wanted}`",
        "checkpoint itu milik `{found}`, kuncinya milik `{wanted}`",
    ),
    ("the note is not UTF-8 at byte {offset}", "catatan bertanda tangan bukan UTF-8 pada byte {offset}"),
    (
        "the note has the control character U+{code} at byte {offset}: only newlines are allowed",
        "catatan bertanda tangan memuat karakter kendali U+{code} pada byte {offset}: hanya ganti baris yang boleh",
    ),
    (
        "the note does not end with a newline: it is cut short",
        "catatan bertanda tangan tidak diakhiri ganti baris: terpotong",
    ),
    (
        "the note has no blank line between text and signatures",
        "catatan bertanda tangan tidak punya baris kosong di antara teks dan tanda tangan",
    ),
    (
        "the note has no signature line after its last blank line",
        "catatan bertanda tangan tidak punya baris tanda tangan sesudah baris kosong terakhir",
    ),
    (
        "the note has {*0} signature lines, at most 100 are read",
        "catatan bertanda tangan punya {0} baris tanda tangan, paling banyak 100 yang dibaca",
    ),
    (
        "signature line {*0} is malformed: expected `— <key name> <base64 of key id and signature>`",
        "baris tanda tangan {0} salah bentuk: seharusnya `— <nama kunci> <base64 nomor kunci dan tanda tangan>`",
    ),
    (
        "`{0}` is no key name: it must not be empty or have spaces, `+` or control characters",
        "`{0}` bukan nama kunci: tidak boleh kosong atau memuat spasi, `+` atau karakter kendali",
    ),
    (
        "`{0}` is no verifier key: expected `<name>+<8 lower-case hex digits>+<base64>`",
        "`{0}` bukan kunci publik (vkey): seharusnya `<nama>+<8 digit heksadesimal huruf kecil>+<base64>`",
    ),
    (
        "key `{name}` is of signature type {found}, which does not serve here",
        "kunci `{name}` dari jenis tanda tangan {found}, yang tidak dipakai di sini",
    ),
    (
        "key `{name}` states id {stated}, but name and key give {computed}: one was altered",
        "kunci `{name}` menyebut nomor {stated}, padahal nama dan kuncinya memberi {computed}: salah satunya diubah",
    ),
    (
        "key `{0}` is not a usable Ed25519 public key",
        "kunci `{0}` bukan kunci publik Ed25519 yang dapat dipakai",
    ),
    (
        "the note has more than one signature by `{name}` with key id {id}",
        "catatan bertanda tangan punya lebih dari satu tanda tangan `{name}` dengan nomor kunci {id}",
    ),
    (
        "the signature by `{name}` has {found_bytes} bytes, expected {wanted_bytes}",
        "tanda tangan `{name}` panjangnya {found_bytes} byte, seharusnya {wanted_bytes}",
    ),
    (
        "the cosignature by `{name}` states time {time}, which is beyond 2^63 - 1 seconds",
        "tanda tangan saksi `{name}` menyebut waktu {time}, melewati 2^63 - 1 detik",
    ),
    (
        "the signature by `{name}` does not verify: text, signature or key was altered",
        "tanda tangan `{name}` tidak cocok: teks, tanda tangan atau kuncinya diubah",
    ),
    (
        "the note has no signature by a known key: check that key names and ids match",
        "catatan bertanda tangan tidak punya tanda tangan kunci yang dikenal: periksa apakah nama dan nomor kuncinya cocok",
    ),
    (
        "`{0}` begins no line of a policy: expected `log`, `witness`, `group` or `quorum`",
        "`{0}` bukan awal baris kebijakan: seharusnya `log`, `witness`, `group` atau `quorum`",
    ),
    ("expected `{0}`", "seharusnya `{0}`"),
    ("the key `{name}` has type {found}: {*wanted}", "kunci `{name}` berjenis {found}: {wanted}"),
    ("a log signs with type 0x01 (Ed25519)", "log menandatangani dengan jenis 0x01 (Ed25519)"),
    (
        "a witness signs with type 0x04 (cosignature v1)",
        "saksi menandatangani dengan jenis 0x04 (cosignature v1)",
    ),
    (
        "the public key of `{0}` is listed before: each log and each witness counts once",
        "kunci publik `{0}` sudah tercantum: tiap log dan tiap saksi dihitung satu kali",
    ),
    (
        "the name `{0}` is taken: witnesses and groups share their names, and `none` is predefined",
        "nama `{0}` sudah dipakai: saksi dan kelompok berbagi nama, dan `none` sudah ditetapkan",
    ),
    ("no line before this one defines `{0}`", "tidak ada baris sebelum ini yang menetapkan `{0}`"),
    (
        "`{0}` is a member of a group already: each counts in one way only",
        "`{0}` sudah menjadi anggota satu kelompok: masing-masing dihitung dengan satu cara saja",
    ),
    (
        "`{threshold}` is no threshold of {members} members: expected `any`, `all` or 1 to {members}",
        "`{threshold}` bukan ambang dari {members} anggota: tulis `any`, `all` atau 1 sampai {members}",
    ),
    ("there is a quorum line before: one is wanted", "sudah ada baris quorum sebelumnya: cukup satu"),
    (
        "the policy has {*0} bytes, at most 65536 are read",
        "kebijakan ini {0} byte, paling banyak 65536 yang dibaca",
    ),
    (
        "line {line} of the policy has the control byte {byte}: only tabs and newlines are allowed",
        "baris {line} kebijakan memuat byte kendali {byte}: hanya tab dan ganti baris yang boleh",
    ),
    (
        "the policy does not end with a newline: it is cut short",
        "kebijakan tidak diakhiri ganti baris: terpotong",
    ),
    ("line {line} of the policy: {*error}", "baris {line} kebijakan: {error}"),
    (
        "the policy has no quorum line: write `quorum none` when no cosignature is asked for",
        "kebijakan tidak punya baris quorum: tulis `quorum none` bila tanda tangan saksi tidak diminta",
    ),
    (
        "the checkpoint is of `{origin}`, which is none of the logs that the policy lists: none",
        "checkpoint itu milik `{origin}`, sedangkan kebijakan tidak menyebut log",
    ),
    (
        "the checkpoint is of `{origin}`, which is none of the logs that the policy lists: {listed}",
        "checkpoint itu milik `{origin}`, yang bukan salah satu log dalam kebijakan: {listed}",
    ),
    (
        "the cosignature by `{name}` states time {time}, after {at}: a cosignature cannot be from the future",
        "tanda tangan saksi `{name}` menyebut waktu {time}, sesudah {at}: tanda tangan tidak mungkin dari masa depan",
    ),
    (
        "the quorum `{quorum}` is not reached: cosigned by nobody",
        "kuorum `{quorum}` tidak tercapai: belum ada yang ikut menandatangani",
    ),
    (
        "the quorum `{quorum}` is not reached: cosigned by {cosigned}",
        "kuorum `{quorum}` tidak tercapai: yang ikut menandatangani {cosigned}",
    ),
    (
        "nothing can be proven about the empty tree: ask for a size of 1 or more",
        "tentang pohon kosong tidak ada yang dapat dibuktikan: minta ukuran 1 atau lebih",
    ),
    (
        "index {index} is outside a tree of {size} leaves: indexes run from 0 to size - 1",
        "indeks {index} di luar pohon berisi {size} daun: indeks berjalan dari 0 sampai ukuran dikurangi 1",
    ),
    (
        "the old size {old_size} is larger than the new size {new_size}: a log never shrinks",
        "ukuran lama {old_size} lebih besar daripada ukuran baru {new_size}: log tidak pernah mengecil",
    ),
    (
        "the proof has {found} hashes, it needs {wanted}: it is cut short or for another size",
        "bukti memuat {found} hash, yang diperlukan {wanted}: terpotong atau untuk ukuran lain",
    ),
    (
        "the proof has {found} hashes, it needs only {wanted}: it is padded or for another size",
        "bukti memuat {found} hash, yang diperlukan hanya {wanted}: ditambahi atau untuk ukuran lain",
    ),
    (
        "leaf and proof lead to root {found}, expected {wanted}: leaf, index, size or a hash is wrong",
        "daun dan bukti menghasilkan akar {found}, seharusnya {wanted}: daun, indeks, ukuran atau salah satu hash keliru",
    ),
    (
        "the proof leads to old root {found}, expected {wanted}: the histories differ or it is altered",
        "bukti menghasilkan akar lama {found}, seharusnya {wanted}: riwayatnya berbeda atau bukti diubah",
    ),
    (
        "the proof leads to new root {found}, expected {wanted}: the histories differ or it is altered",
        "bukti menghasilkan akar baru {found}, seharusnya {wanted}: riwayatnya berbeda atau bukti diubah",
    ),
    ("cannot read {*tile}: {*cause}", "tidak dapat membaca {tile}: {cause}"),
    (
        "size {asked} was asked for, but the tree has only {size} leaves so far",
        "yang diminta ukuran {asked}, padahal pohon baru punya {size} daun",
    ),
    ("not a record: {*0}", "bukan catatan peristiwa: {0}"),
    ("not a record: {*0} [{rule}]", "bukan catatan peristiwa: {0} [{rule}]"),
    // What refusals say in both languages where they are made, for typed errors that carry them.
    (
        "event type {type} is not known; the nearest is {near}; `jejak schema` lists all of them",
        "jenis peristiwa {type} tidak dikenal; yang paling mirip: {near}; `jejak schema` menyebut semuanya",
    ),
    (
        "event type {type} is not known; `jejak schema` lists all of them",
        "jenis peristiwa {type} tidak dikenal; `jejak schema` menyebut semuanya",
    ),
    (
        "not in canonical form (RFC 8785) from byte {at} on",
        "tidak berbentuk kanonik (RFC 8785) mulai byte {at}",
    ),
    ("unknown field `{name}`; known are {known}", "kolom `{name}` tidak dikenal; yang dikenal: {known}"),
    ("this field is not known; known are {known}", "kolom tidak dikenal; yang dikenal: {known}"),
    ("{given} should be {expected}", "{given} seharusnya {expected}"),
    (
        "this is no secret key: expected one line `PRIVATE+KEY+<name>+<8 lower-case hex digits>+<base64>`",
        "ini bukan kunci rahasia: seharusnya satu baris `PRIVATE+KEY+<nama>+<8 digit heksadesimal huruf kecil>+<base64>`",
    ),
    (
        "the secret key `{name}` has type {found}, expected 0x01 (notes) or 0x04 (cosignatures)",
        "kunci rahasia `{name}` berjenis {found}, seharusnya 0x01 (catatan) atau 0x04 (tanda tangan saksi)",
    ),
    (
        "the secret key `{name}` states id {stated}, but name and key give {computed}: it was altered",
        "kunci rahasia `{name}` menyebut nomor {stated}, padahal nama dan kuncinya memberi {computed}: diubah",
    ),
    (
        "tile level {*0} is above 63, the highest that tlog-tiles knows",
        "tingkat ubin {0} melewati 63, yang tertinggi menurut tlog-tiles",
    ),
    (
        "tile width {*0} is not between 1 and 256; an empty tile is never stored or served",
        "lebar ubin {0} bukan 1 sampai 256; ubin kosong tidak pernah disimpan atau dikirim",
    ),
    (
        "`{0}` is not a tile path: expected `tile/<level or entries>/<index in groups of three digits>` with `.p/<1 to 255>` after a partial one",
        "`{0}` bukan jalur ubin: seharusnya `tile/<tingkat atau entries>/<indeks per tiga angka>` dengan `.p/<1 sampai 255>` bila belum penuh",
    ),
    (
        "{tile} has {found_bytes} bytes, expected {wanted_bytes}: read it again from a sound copy",
        "{tile} panjangnya {found_bytes} byte, seharusnya {wanted_bytes}: baca lagi dari salinan yang utuh",
    ),
    (
        "a tree of {size} leaves has {wanted} leaves after its last full tile, {found} were given",
        "pohon berisi {size} daun punya {wanted} daun sesudah ubin penuh terakhir, yang diberikan {found}",
    ),
    (
        "line 1 is not `c2sp.org/tlog-proof@v1`: this is no proof file, or of another version",
        "baris 1 bukan `c2sp.org/tlog-proof@v1`: ini bukan berkas bukti, atau versinya lain",
    ),
    ("the proof is not UTF-8 at byte {offset}", "bukti bukan UTF-8 pada byte {offset}"),
    (
        "line 2, `extra`, is malformed: expected base64 of at least one byte",
        "baris 2, `extra`, salah bentuk: seharusnya base64 dari paling sedikit satu byte",
    ),
    (
        "line {line} is no index: expected `index <decimal number without leading zeroes>`",
        "baris {line} bukan indeks: tulis `index <bilangan desimal tanpa nol di depan>`",
    ),
    (
        "line {line} is no hash: expected the base64 of 32 bytes, or a blank line before the checkpoint",
        "baris {line} bukan hash: seharusnya 32 byte dalam base64, atau baris kosong sebelum checkpoint",
    ),
    (
        "the proof has more than 64 hashes, which no tree needs",
        "bukti memuat lebih dari 64 hash, yang tidak diperlukan pohon mana pun",
    ),
    (
        "the proof ends without a blank line and a checkpoint: it is cut short",
        "bukti berakhir tanpa baris kosong dan checkpoint: terpotong",
    ),
    (
        "the inclusion proof is for size {proof}, the checkpoint for size {checkpoint}: make one for both",
        "bukti keanggotaan untuk ukuran {proof}, checkpoint untuk ukuran {checkpoint}: buat satu untuk keduanya",
    ),
    (
        "the answer does not tell who is behind {figure} under that one value of a breakdown, so it cannot be held against a whole; narrow the claim by `program` instead",
        "jawabannya tidak menyebut siapa di balik {figure} untuk satu nilai rincian itu, jadi tidak dapat dibandingkan dengan keseluruhan; saring klaim ini dengan `program` saja",
    ),
    (
        "view {view} does not tell who stands under one {by} in several programmes; name one programme",
        "tampilan {view} tidak menyebut siapa yang termasuk satu {by} dalam beberapa program; sebut satu program",
    ),
    (
        "event {index} cannot be read: {*source}; run `jejak verify`",
        "peristiwa {index} tidak dapat dibaca: {source}; jalankan `jejak verify`",
    ),
    (
        "the log cannot be read: {*0}; run `jejak verify`",
        "log tidak dapat dibaca: {0}; jalankan `jejak verify`",
    ),
    (
        "confidence {*0} % is not possible; choose 80, 90, 95, 98 or 99",
        "tingkat kepercayaan {0} % tidak ada; pilih 80, 90, 95, 98 atau 99",
    ),
    ("margin {*0} % is not possible; choose 1 to 50", "batas galat {0} % tidak ada; pilih 1 sampai 50"),
    (
        "no IKMs are behind the count of this claim; sample a claim about IKMs or their persons",
        "tidak ada IKM di balik hitungan klaim ini; pilih klaim tentang IKM atau orangnya",
    ),
    (
        "the view does not tell which IKMs stand under one value of a breakdown; leave that out of the scope",
        "tampilan tidak menyebut IKM menurut satu nilai rincian; hapus nilai itu dari scope",
    ),
    (
        "the two answers are not to the same question; compare one view at two log sizes, or two versions of it at one",
        "kedua jawaban bukan atas pertanyaan yang sama; bandingkan satu tampilan pada dua ukuran log, atau dua versinya pada satu ukuran",
    ),
    (
        "the answer before is for {before} and the one after for {after}; give the earlier day first",
        "jawaban sebelum untuk {before} dan yang sesudah untuk {after}; dahulukan hari yang lebih awal",
    ),
    (
        "the answer before knows {before} events and the one after {after}; give the one that knows less first",
        "jawaban sebelum tahu {before} peristiwa dan jawaban sesudah {after}; berikan dulu yang tahu lebih sedikit",
    ),
    (
        "event {index}: {*source}; run `jejak verify`, or use the program that wrote this log",
        "peristiwa {index}: {source}; jalankan `jejak verify`, atau pakai program yang menulis log ini",
    ),
    (
        "event {index} targets {target}, which the log does not hold before it; run `jejak verify`",
        "peristiwa {index} menunjuk {target}, yang tidak ada dalam log sebelum itu; jalankan `jejak verify`",
    ),
    (
        "event {index} cannot target event {target_index}: {*reason}; run `jejak verify`",
        "peristiwa {index} tidak dapat menunjuk peristiwa {target_index}: {reason}; jalankan `jejak verify`",
    ),
    (
        "event {index} replaces event {target_index} of type {was} by facts of type {now}; run `jejak verify`",
        "peristiwa {index} mengganti peristiwa {target_index} berjenis {was} dengan fakta berjenis {now}; jalankan `jejak verify`",
    ),
    (
        "event {index} of type {type_name} stands in stream {subject}; run `jejak verify`",
        "peristiwa {index} berjenis {type_name} ada dalam aliran {subject}; jalankan `jejak verify`",
    ),
    (
        "event {index} cannot read what it targets: {*source}",
        "peristiwa {index} tidak dapat membaca yang ditunjuknya: {source}",
    ),
    (
        "facts reach to index {expected}, the next event given is {given}; append them in order",
        "fakta sampai ke indeks {expected}, peristiwa berikut yang diberikan {given}; tambahkan menurut urutan",
    ),
    (
        "two parts of the facts both hold index {index}; merge each range once",
        "dua bagian fakta sama-sama memuat indeks {index}; gabungkan tiap rentang satu kali",
    ),
    (
        "a part holds more than {limit} distinct {what}; make smaller parts",
        "satu bagian memuat lebih dari {limit} {what} yang berbeda; buat bagian yang lebih kecil",
    ),
    (
        "chunk of facts is damaged at byte {offset}: {*reason}; rebuild it with `jejak rebuild`",
        "bagian fakta rusak pada byte {offset}: {reason}; bangun ulang dengan `jejak rebuild`",
    ),
    ("there is no view {name}; there is {a}", "tampilan {name} tidak ada; yang ada: {a}"),
    (
        "there is no view {name}; perhaps you mean: {a}",
        "tampilan {name} tidak ada; barangkali maksud Anda: {a}",
    ),
    (
        "view {view} has no version {asked}; it has {a}",
        "tampilan {view} tidak punya versi {asked}; yang ada {a}",
    ),
    (
        "view {view} cannot be narrowed by {a}; it can by {b}",
        "tampilan {view} tidak dapat dipersempit menurut {a}; dapat menurut {b}",
    ),
    (
        "view {view} has no rows by {by}; it has rows by {a}",
        "tampilan {view} tidak punya baris menurut {by}; yang ada menurut {a}",
    ),
    (
        "the period from {from} to {on} ends before it begins; give an earlier first day or a later last one",
        "masa dari {from} sampai {on} berakhir sebelum mulai; beri hari pertama yang lebih awal atau hari terakhir yang lebih akhir",
    ),
    (
        "that is {count} periods, and a series has at most {limit}; ask for longer periods or a later first day",
        "itu {count} masa, dan satu deret paling banyak {limit}; minta masa yang lebih panjang atau hari pertama yang lebih akhir",
    ),
    (
        "asked as known at log size {asked}, but the facts were consolidated at {floor}; rebuild them from the log",
        "ditanya sebagaimana diketahui pada ukuran log {asked}, padahal fakta digabung pada {floor}; bangun ulang dari log",
    ),
    (
        "{figure} of view {view} is too large to be told, more than 2^53 - 1; correct the reports that are added up",
        "{figure} pada tampilan {view} terlalu besar untuk disebut, lebih dari 2^53 - 1; koreksi laporan yang dijumlahkan",
    ),
    (
        "asked as known at log size {asked}, but the facts reach to {size}; ask for at most that",
        "ditanya sebagaimana diketahui pada ukuran log {asked}, padahal fakta baru sampai {size}; tanyakan paling banyak ukuran itu",
    ),
    (
        "the claim was published on {published_on}, which has not come on {today}; mend `published_on`",
        "klaim itu terbit {published_on}, yang belum tiba pada {today}; perbaiki `published_on`",
    ),
    (
        "the figure is as of {as_of}, which has not come on {today}; mend `as_of`, or name a day that is past",
        "angka itu per {as_of}, yang belum tiba pada {today}; perbaiki `as_of`, atau sebut hari yang sudah lewat",
    ),
    (
        "a claim cannot be judged for {on}, which has not come on {today}; name a day that is past",
        "klaim belum dapat dinilai untuk {on}, yang belum tiba pada {today}; sebut hari yang sudah lewat",
    ),
    (
        "{found} programmes fit the claim; at most {limit} are counted for one claim: name its theme, its programmes or its period",
        "{found} program cocok dengan klaim ini; paling banyak {limit} dihitung untuk satu klaim: sebut tema, program, atau masanya",
    ),
    (
        "events that rest on the claiming document hide others that do, more than {limit} deep: the claim cannot be judged apart from its own document",
        "peristiwa yang bersandar pada dokumen klaim menutupi yang lain yang juga begitu, lebih dari {limit} lapis: klaim ini tidak dapat dinilai terpisah dari dokumennya sendiri",
    ),
];
