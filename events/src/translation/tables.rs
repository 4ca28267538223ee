//! The tables: English template, Indonesian template.
//!
//! `{name}` stands for a value, `{*name}` for a text that is translated itself. Which names are used is free; they
//! must be the same on both sides.

use super::Pair;

/// Words of the system by its number (errno of Linux).
pub const SYSTEM: &[Pair] = &[
    ("1", "tindakan ini tidak diizinkan"),
    ("2", "berkas atau direktori itu tidak ada"),
    ("4", "terputus oleh sinyal"),
    ("5", "perangkat gagal membaca atau menulis"),
    ("9", "berkas itu tidak terbuka untuk ini"),
    ("11", "sedang dipakai; coba lagi"),
    ("12", "memori tidak cukup"),
    ("13", "tidak diizinkan"),
    ("16", "sedang dipakai"),
    ("17", "sudah ada"),
    ("18", "terletak di sistem berkas lain"),
    ("20", "bukan direktori"),
    ("21", "itu direktori"),
    ("22", "permintaan yang tidak sah"),
    ("23", "terlalu banyak berkas terbuka di sistem ini"),
    ("24", "terlalu banyak berkas terbuka"),
    ("26", "berkas itu sedang dijalankan"),
    ("27", "berkas terlalu besar"),
    ("28", "ruang pada disk habis"),
    ("30", "sistem berkas hanya dapat dibaca"),
    ("31", "terlalu banyak tautan"),
    ("32", "penerima keluaran sudah tidak ada"),
    ("36", "nama berkas terlalu panjang"),
    ("39", "direktori itu tidak kosong"),
    ("40", "terlalu banyak tautan berantai"),
    ("95", "sistem berkas ini tidak mendukungnya"),
    ("116", "berkas di jaringan itu sudah tidak ada"),
    ("122", "kuota disk habis"),
];

/// What serde_json says is wrong with a text that is no JSON, and what readers of bytes say.
pub const JSON: &[Pair] = &[
    ("EOF while parsing a list", "teks berakhir di tengah daftar [...]"),
    ("EOF while parsing an object", "teks berakhir di tengah objek, sebelum kurung kurawal penutup"),
    ("EOF while parsing a string", "teks berakhir sebelum tanda kutip penutup"),
    ("EOF while parsing a value", "teks berakhir sebelum ada nilai"),
    ("expected `:`", "titik dua (:) belum ada sesudah nama kolom"),
    ("expected `,` or `]`", "koma atau ] belum ada"),
    ("expected `,` or `}`", "koma atau } belum ada"),
    ("expected ident", "kata yang bukan true, false atau angka harus di antara tanda kutip"),
    ("expected value", "di sini seharusnya ada nilai; teks ditulis di antara tanda kutip \""),
    ("expected `\"`", "tanda kutip \" belum ada"),
    ("invalid escape", "garis miring terbalik dalam teks diikuti huruf yang salah"),
    ("invalid number", "angka ditulis keliru; tulis tanpa titik ribuan dan tanpa nol di depan"),
    ("number out of range", "angka terlalu besar"),
    ("invalid unicode code point", "teks memuat karakter yang tidak ada dalam Unicode"),
    (
        "control character (\\u0000-\\u001F) found while parsing a string",
        "teks memuat ganti baris atau karakter kendali; tulis sebagai \\n atau hapus",
    ),
    ("key must be a string", "nama kolom harus di antara tanda kutip \""),
    (
        "lone leading surrogate in hex escape",
        "teks memuat separuh pasangan karakter (\\uD800 dan seterusnya)",
    ),
    ("trailing comma", "ada koma berlebih sebelum kurung penutup"),
    ("trailing characters", "ada isi lain sesudahnya"),
    ("unexpected end of hex escape", "karakter \\u harus diikuti empat digit heksadesimal"),
    ("recursion limit exceeded", "kurung bersarang terlalu dalam"),
    ("stream did not contain valid UTF-8", "isinya bukan teks UTF-8"),
    ("failed to fill whole buffer", "isinya berakhir terlalu cepat"),
    ("unexpected end of file", "isinya berakhir terlalu cepat"),
    ("failed to write whole buffer", "tidak semuanya tertulis"),
];

/// What was tried.
pub const OPERATIONS: &[Pair] = &[
    ("sync", "mengamankan ke disk"),
    ("read", "membaca"),
    ("look at", "melihat"),
    ("write", "menulis"),
    ("open", "membuka"),
    ("restrict", "membatasi izin"),
    ("create", "membuat"),
    ("list", "membaca daftar isi"),
    ("remove", "menghapus"),
    ("empty", "mengosongkan"),
    ("rename", "mengganti nama"),
    ("rename over", "menaruh di tempat"),
    ("cut", "memotong"),
    ("truncate", "memotong"),
    ("append to", "menambah"),
    ("set aside", "menyisihkan"),
    ("overwrite", "menimpa"),
    ("lock", "mengunci"),
    ("use", "memakai"),
    ("start", "menjalankan"),
    ("describe", "menulis keterangan"),
    ("compress", "memampatkan"),
    ("decompress", "membuka pampatan"),
    ("ask for the free space of", "menanyakan ruang kosong"),
    ("sync the directory of", "mengamankan direktori"),
    ("use its sled directory", "memakai direktori sled"),
    ("sync sled's new files", "mengamankan berkas baru sled"),
    ("open sled's db file to sync it", "membuka berkas db sled untuk diamankan"),
    ("get memory to compress with", "memperoleh memori untuk memampatkan"),
    ("write after a failed write or sync", "menulis sesudah penulisan atau pengamanan gagal"),
    ("sync after a failed write or sync", "mengamankan sesudah penulisan atau pengamanan gagal"),
    ("accept the batch", "menerima kelompok ini"),
    ("start a thread", "menjalankan utas"),
    ("set its sled directory aside", "menyisihkan direktori sled"),
    ("remove the copy of its sled directory", "menghapus salinan direktori sled"),
    ("lock its sled directory", "mengunci direktori sled"),
    ("copy its sled directory aside", "menyalin direktori sled"),
    ("clear sled's unfinished snapshots", "menghapus berkas sementara sled"),
    ("was not signed", "tidak ditandatangani"),
    ("given is not good", "yang diberikan tidak sah"),
    ("cannot read the bundle", "tidak dapat membaca berkas bukti"),
    ("corrections and retractions", "koreksi dan penarikan"),
];

/// The typed errors of all crates (`#[error("...")]`).
pub const ERRORS: &[Pair] = &[
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
    ("the key `{name}` has type {found}: {wanted}", "kunci `{name}` berjenis {found}: {wanted}"),
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
        "the checkpoint is of `{origin}`, which is none of the logs that the policy lists: {listed}",
        "checkpoint itu milik `{origin}`, yang bukan salah satu log dalam kebijakan: {listed}",
    ),
    (
        "the cosignature by `{name}` states time {time}, after {at}: a cosignature cannot be from the future",
        "tanda tangan saksi `{name}` menyebut waktu {time}, sesudah {at}: tanda tangan tidak mungkin dari masa depan",
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
    ("cannot read {tile}: {*cause}", "tidak dapat membaca {tile}: {cause}"),
    (
        "size {asked} was asked for, but the tree has only {size} leaves so far",
        "yang diminta ukuran {asked}, padahal pohon baru punya {size} daun",
    ),
    ("not a record: {*0}", "bukan catatan peristiwa: {0}"),
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
        "view {view} does not tell who stands under one {by} in several programmes; name one programme",
        "tampilan {view} tidak menyebut siapa yang termasuk dalam satu {by} di beberapa program; sebut satu program",
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
        "tingkat kepercayaan {0} % tidak tersedia; pilih 80, 90, 95, 98 atau 99",
    ),
    (
        "margin {*0} % is not possible; choose 1 to 50",
        "batas kesalahan {0} % tidak tersedia; pilih 1 sampai 50",
    ),
    (
        "no IKMs are behind the count of this claim; sample a claim about IKMs or their persons",
        "hitungan klaim ini tidak bertumpu pada IKM; ambil sampel dari klaim tentang IKM atau orangnya",
    ),
    (
        "the view does not tell which IKMs stand under one value of a breakdown; leave that out of the scope",
        "tampilan ini tidak menyebut IKM mana yang termasuk dalam satu nilai rincian; keluarkan rincian itu dari cakupan",
    ),
    (
        "the two answers are not to the same question; compare one view at two log sizes, or two versions of it at one",
        "kedua jawaban bukan atas pertanyaan yang sama; bandingkan satu tampilan pada dua ukuran log, atau dua versinya pada satu ukuran",
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
    ("there is no view {name}; there are {a}", "tidak ada tampilan {name}; yang ada {a}"),
    (
        "view {view} has no version {asked}; it has {a}",
        "tampilan {view} tidak punya versi {asked}; yang ada {a}",
    ),
    (
        "view {view} cannot be narrowed by {a}; it can by {b}",
        "tampilan {view} tidak dapat dipersempit menurut {a}; dapat menurut {b}",
    ),
    (
        "the period from {from} to {on} ends before it begins; swap the dates",
        "masa dari {from} sampai {on} berakhir sebelum mulai; tukar tanggalnya",
    ),
    (
        "asked as known at log size {asked}, but the facts were consolidated at {floor}; rebuild them from the log",
        "ditanya sebagaimana diketahui pada ukuran log {asked}, padahal fakta digabung pada {floor}; bangun ulang dari log",
    ),
    (
        "asked as known at log size {asked}, but the facts reach to {size}; ask for at most that",
        "ditanya sebagaimana diketahui pada ukuran log {asked}, padahal fakta baru sampai {size}; tanyakan paling banyak ukuran itu",
    ),
    ("cannot {*operation} {a}: {*source}", "tidak dapat {operation} {a}: {source}"),
    (
        "{a} is not a checkpoint that the key `{key}` cosigned: {*reason}. Without it nobody can tell what was cosigned before; bring it back from a copy",
        "{a} bukan checkpoint yang ikut ditandatangani kunci `{key}`: {reason}. Tanpa itu tidak ada yang tahu apa yang ditandatangani sebelumnya; pulihkan dari salinan",
    ),
    (
        "the audit found the log wrong; nothing is signed",
        "pemeriksaan menemukan log ini keliru; tidak ada yang ditandatangani",
    ),
    (
        "name the log's key by --log-vkey or --policy: a cosigner must not learn it from the log itself",
        "sebut kunci log dengan --log-vkey atau --policy: saksi tidak boleh mengetahuinya dari log itu sendiri",
    ),
    (
        "it has {*0} signatures; a manifest has its registry's and no other",
        "punya {0} tanda tangan; daftar isi hanya punya tanda tangan registrinya",
    ),
    ("cannot read the bundle: {*0}", "tidak dapat membaca berkas bukti: {0}"),
    (
        "{member} has {bytes} bytes, at most {limit_bytes} go into a bundle",
        "{member} panjangnya {bytes} byte, paling banyak {limit_bytes} masuk ke berkas bukti",
    ),
    (
        "a bundle holds at most 65,534 members and 4 GiB, some 16.7 million events: there are more",
        "berkas bukti memuat paling banyak 65.534 isi dan 4 GiB, kira-kira 16,7 juta peristiwa: ini lebih",
    ),
    (
        "{member} cannot follow {after} in a bundle",
        "{member} tidak dapat menyusul {after} dalam berkas bukti",
    ),
    ("{member} cannot be deflated: {*reason}", "{member} tidak dapat dimampatkan: {reason}"),
    ("the manifest cannot be signed: {*0}", "daftar isi tidak dapat ditandatangani: {0}"),
    ("the checkpoint of this log does not check: {*0}", "checkpoint log ini tidak cocok: {0}"),
    (
        "too many events are behind the answer to disclose values of all; ask more narrowly, for example of one area",
        "terlalu banyak peristiwa di balik jawaban ini untuk dibuka nilainya; tanyakan lebih sempit, misalnya satu wilayah",
    ),
    (
        "the claim is about one value of a breakdown, and its answer also names those of the others: no values can be disclosed with it; ask the view, narrowed",
        "klaim ini tentang satu nilai rincian, dan jawabannya juga menyebut yang lain: tidak ada nilai yang dapat dibuka bersamanya; tanyakan tampilannya, dipersempit",
    ),
    (
        "the data of event {index} were erased after the checkpoint of size {size}: a bundle of that size could not say why they are missing; take a newer checkpoint, and have that one cosigned",
        "data peristiwa {index} dihapus sesudah checkpoint berukuran {size}: berkas bukti berukuran itu tidak dapat menjelaskan mengapa data itu tidak ada; pakai checkpoint yang lebih baru, dan mintakan tanda tangan saksi untuk itu",
    ),
    (
        "the entries before {before} make no entry bundle: {*source}; run `jejak verify`",
        "isi sebelum {before} tidak membentuk berkas gabungan: {source}; jalankan `jejak verify`",
    ),
    ("cannot be written as JSON: {*0}", "tidak dapat ditulis sebagai JSON: {0}"),
    (
        "the bundle was made and does not verify, so it is not handed out: {*a}",
        "berkas bukti sudah dibuat tetapi tidak cocok, jadi tidak diserahkan: {a}",
    ),
    (
        "the bundle was made and could not be verified: {*0}",
        "berkas bukti sudah dibuat tetapi tidak dapat diperiksa: {0}",
    ),
    ("stopped before the bundle was made", "berhenti sebelum berkas bukti selesai"),
    ("stopped before the end", "berhenti sebelum selesai"),
    ("not a cosigned checkpoint of this log: {*0}", "bukan checkpoint log ini yang ikut ditandatangani: {0}"),
    (
        "no witness that the policy lists cosigned this checkpoint",
        "tidak ada saksi dalam kebijakan yang ikut menandatangani checkpoint ini",
    ),
    (
        "a cosigned checkpoint of size {kept} is kept already; this one has size {size}",
        "sudah tersimpan checkpoint berukuran {kept} yang ikut ditandatangani; yang ini berukuran {size}",
    ),
    (
        "{path} holds the registry {origin}, not the worked example; choose another directory with --dir",
        "{path} memuat registri {origin}, bukan contoh; pilih direktori lain dengan --dir",
    ),
    (
        "proposal {number} of the worked example ({id}) was refused: {refusal}",
        "usulan {number} dari contoh ({id}) ditolak: {refusal}",
    ),
    (
        "a question of the worked example has no answer: {*0}",
        "satu pertanyaan contoh tidak punya jawaban: {0}",
    ),
    ("a claim of the worked example cannot be judged: {*0}", "satu klaim contoh tidak dapat dinilai: {0}"),
    (
        "disclosure {number} is of no sealed field of type {type_name}",
        "pembukaan {number} bukan milik kolom tersegel jenis {type_name}",
    ),
    (
        "disclosure {number}, {field}, is not what was sealed with this event: it was altered, or belongs to another",
        "pembukaan {number}, {field}, bukan yang disegel bersama peristiwa ini: diubah, atau milik peristiwa lain",
    ),
    ("disclosure {number}, {field}: {*a}", "pembukaan {number}, {field}: {a}"),
    ("disclosure {number} discloses {field} once more", "pembukaan {number} membuka {field} sekali lagi"),
    ("cannot read the document: {*0}", "tidak dapat membaca dokumen: {0}"),
    ("cannot write the document: {*0}", "tidak dapat menulis dokumen: {0}"),
    (
        "{a} has {free_bytes} bytes free and {needed_bytes} are needed, the floor included; nothing was attached: free some space and attach again",
        "{a} tinggal punya {free_bytes} byte kosong dan diperlukan {needed_bytes}, termasuk cadangan; tidak ada yang dilampirkan: kosongkan ruang lalu lampirkan lagi",
    ),
    ("{a} is damaged: {*reason}; restore it from a backup", "{a} rusak: {reason}; pulihkan dari cadangan"),
    ("the document is too large", "dokumen terlalu besar"),
    (
        "the checkpoint of size {size} is signed by this log but is not of the tree that it holds, of size {held}: the log was put back to an older state and grew anew (a fork), or this is a copy that stayed behind",
        "checkpoint berukuran {size} ditandatangani log ini tetapi bukan dari pohon yang dimuatnya, berukuran {held}: log dikembalikan ke keadaan lama dan tumbuh lagi (bercabang), atau ini salinan yang tertinggal",
    ),
    (
        "{path} has {free_bytes} bytes free and {needed_bytes} are needed, the floor included; nothing was written: free some space and append again",
        "{path} tinggal punya {free_bytes} byte kosong dan diperlukan {needed_bytes}, termasuk cadangan; tidak ada yang ditulis: kosongkan ruang lalu catat lagi",
    ),
    (
        "event {position} of this commit {*reason}; nothing was written",
        "peristiwa {position} dari kelompok ini {reason}; tidak ada yang ditulis",
    ),
    (
        "the vault frames of this commit are malformed at byte {offset}; nothing was written",
        "bingkai brankas kelompok ini salah bentuk pada byte {offset}; tidak ada yang ditulis",
    ),
    (
        "the events from index {at} on were not appended: cannot {*operation} {path}: {*source}; reopen the registry",
        "peristiwa mulai indeks {at} tidak dicatat: tidak dapat {operation} {path}: {source}; buka kembali registri",
    ),
    (
        "it is not known whether the events from index {at} on were appended: {*reason}; reopen the registry and look the ids up",
        "tidak diketahui apakah peristiwa mulai indeks {at} tercatat: {reason}; buka kembali registri dan cari id-nya",
    ),
    (
        "the log stopped after an earlier failure ({*reason}); reopen the registry",
        "log berhenti sesudah kegagalan ({reason}); buka kembali registri",
    ),
    (
        "the log is damaged: {*a}; nothing was changed: restore these files from a backup, or run `jejak recover`",
        "log rusak: {a}; tidak ada yang diubah: pulihkan berkas ini dari cadangan, atau jalankan `jejak recover`",
    ),
    (
        "{path} and the store's copy of it hold different frames, each sound in itself: {*a}; nothing was changed: move one of them away and keep it ({path}, or the directory sled beside it), then run `jejak verify`, which says whether the other fits the records",
        "{path} dan salinannya dalam penyimpanan memuat bingkai yang berbeda, masing-masing utuh: {a}; tidak ada yang diubah: pindahkan salah satunya dan simpan ({path}, atau direktori sled di sebelahnya), lalu jalankan `jejak verify`, yang menyebut apakah yang tinggal cocok dengan catatan",
    ),
    (
        "anchor and checkpoint are gone, so the registry is read-only; run `jejak recover --checkpoint FILE` with a checkpoint that somebody kept",
        "jangkar dan checkpoint hilang, jadi registri hanya dapat dibaca; jalankan `jejak recover --checkpoint BERKAS` dengan checkpoint yang disimpan orang",
    ),
    (
        "the anchor {path} is not there, and without it an older copy of the registry could not be told; nothing was changed: mount its disk, or run `jejak recover` to make it anew",
        "jangkar {path} tidak ada, dan tanpa itu salinan lama registri tidak dapat dikenali; tidak ada yang diubah: pasang disknya, atau jalankan `jejak recover` untuk membuatnya kembali",
    ),
    (
        "the anchor of this registry lies elsewhere; nothing was changed: give --anchor {anchor}, or remove {record} if the anchor is to lie in the data directory from now on",
        "jangkar registri ini ada di tempat lain; tidak ada yang diubah: berikan --anchor {anchor}, atau hapus {record} bila jangkar mulai sekarang disimpan di direktori data",
    ),
    (
        "{first} and {second} name different roots for size {size}; one of them belongs to another log: put the right file back",
        "{first} dan {second} menyebut akar berbeda untuk ukuran {size}; salah satunya milik log lain: kembalikan berkas yang benar",
    ),
    (
        "{path} is in use by {*holder}, and one process at a time opens a registry; wait until it ends, or ask whoever runs it",
        "{path} sedang dipakai {holder}, dan satu registri hanya dibuka satu proses; tunggu sampai selesai, atau tanyakan kepada yang menjalankannya",
    ),
    (
        "{path} holds no registry; create one with `jejak init`",
        "{path} belum berisi registri; buat dengan `jejak init`",
    ),
    ("{path} exists already; choose another directory", "{path} sudah ada; pilih direktori lain"),
    (
        "index {index} is not in the log, which holds {size} events",
        "indeks {index} tidak ada dalam log, yang berisi {size} peristiwa",
    ),
    ("cannot {*operation} {path}: {*source}", "tidak dapat {operation} {path}: {source}"),
    ("the checkpoint {*action}: {*reason}", "checkpoint {action}: {reason}"),
    ("cannot put the proof together: {*0}", "bukti tidak dapat disusun: {0}"),
    (
        "the proof was made and does not verify, so the log is damaged; run `jejak verify`: {*0}",
        "bukti sudah dibuat tetapi tidak cocok, jadi log rusak; jalankan `jejak verify`: {0}",
    ),
    (
        "the checkpoint of size {new} cannot extend the one of size {old}: swap them",
        "checkpoint berukuran {new} tidak mungkin lanjutan dari yang berukuran {old}: tukar keduanya",
    ),
    (
        "no cosigned checkpoint is kept; have one cosigned (`jejak audit`) and add it (`jejak cosign`)",
        "belum ada checkpoint bertanda tangan saksi yang tersimpan; mintakan (`jejak audit`) lalu tambahkan (`jejak cosign`)",
    ),
    ("{a} {*reason}; publish into an empty directory", "{a} {reason}; terbitkan ke direktori kosong"),
    (
        "{a} has size {published_size} and does not lead to the {size} events of this log: one of the two was put back to an older state and grew anew (a fork). Nothing was published; keep both and find out which one the other holders of checkpoints have",
        "{a} berukuran {published_size} dan tidak berlanjut ke {size} peristiwa log ini: salah satunya dikembalikan ke keadaan lama dan tumbuh lagi (bercabang). Tidak ada yang diterbitkan; simpan keduanya dan cari tahu yang mana yang dipegang penyimpan checkpoint lain",
    ),
    (
        "{a} is missing or was altered after it was published; publish into an empty directory",
        "{a} tidak ada atau diubah sesudah diterbitkan; terbitkan ke direktori kosong",
    ),
    (
        "the entries of this log do not hash to its checkpoint of size {size}; run `jejak verify`",
        "isi log ini tidak cocok dengan checkpoint berukuran {size}; jalankan `jejak verify`",
    ),
    (
        "entries before {before} make no bundle: {*source}; run `jejak verify`",
        "isi sebelum {before} tidak membentuk berkas gabungan: {source}; jalankan `jejak verify`",
    ),
    (
        "stopped before everything was published; the next run goes on",
        "berhenti sebelum semuanya terbit; jalankan lagi untuk melanjutkan",
    ),
    (
        "this is no receipt of `jejak receipt`: its first lines name no form jejak-receipt/N",
        "ini bukan tanda terima `jejak receipt`: baris awalnya tidak menyebut bentuk jejak-receipt/N",
    ),
    (
        "this is no receipt: it is longer than {PAGE_LIMIT_BYTES} bytes",
        "ini bukan tanda terima: panjangnya lebih dari {PAGE_LIMIT_BYTES} byte",
    ),
    (
        "the receipt has the form {found}, this program knows {FORM}: check it with the version that wrote it",
        "tanda terima ini berbentuk {found}, program ini mengenal {FORM}: periksa dengan versi yang menulisnya",
    ),
    (
        "{a} is missing on the page, or is not in canonical base64",
        "{a} tidak ada pada halaman, atau bukan base64 berbentuk baku",
    ),
    ("event.json was altered: {*0}", "event.json diubah: {0}"),
    (
        "event.tlog-proof does not prove event.json: {*0}",
        "event.tlog-proof tidak membuktikan event.json: {0}",
    ),
    (
        "the checkpoint in event.tlog-proof is not accepted: {*0}",
        "checkpoint dalam event.tlog-proof tidak diterima: {0}",
    ),
    (
        "event.tlog-proof has a line `extra`, which nothing authenticates; ours have none",
        "event.tlog-proof punya baris `extra`, yang tidak dijamin apa pun; milik kami tidak punya",
    ),
    ("disclosures.txt: {*0}", "disclosures.txt: {0}"),
    (
        "event and proof check, but the page was altered: line {line}, part {*place}, reads {found} and must read {expected}",
        "peristiwa dan bukti cocok, tetapi halaman diubah: baris {line}, bagian {place}, berbunyi {found} dan seharusnya {expected}",
    ),
    ("the page cannot be laid out: {*0}", "halaman tidak dapat disusun: {0}"),
    ("the past could not be read: {*0}", "riwayat tidak dapat dibaca: {0}"),
    (
        "the keys file failed, nothing was appended: {*0}",
        "berkas kunci bermasalah, tidak ada yang dicatat: {0}",
    ),
    ("the vault failed: {*0}", "brankas bermasalah: {0}"),
    ("the log cannot be read: {*0}", "log tidak dapat dibaca: {0}"),
    (
        "it is not known whether the events were recorded ({*0}); reopen the registry and send them again: what stands in the log answers with its index",
        "tidak diketahui apakah peristiwa tercatat ({0}); buka kembali registri dan kirim lagi: yang sudah tercatat dijawab dengan indeksnya",
    ),
    (
        "the registry is closed or stopped after a failure; reopen it",
        "registri tertutup atau berhenti sesudah kegagalan; buka kembali",
    ),
    (
        "{path} holds no registry; make one with `jejak init`, or name another with --dir",
        "{path} belum berisi registri; buat dengan `jejak init`, atau sebut yang lain dengan --dir",
    ),
    (
        "{path} holds a registry already; choose another directory with --dir",
        "{path} sudah berisi registri; pilih direktori lain dengan --dir",
    ),
    (
        "the keys in {path} are not those that event 0 names; give the right directory with --keys",
        "kunci di {path} bukan kunci yang disebut peristiwa 0; sebut direktori yang benar dengan --keys",
    ),
    (
        "the keys in {path} lack the key that event {index} introduced: they are older than the registry; restore the newer keys directory",
        "kunci di {path} tidak memuat kunci yang diperkenalkan peristiwa {index}: lebih tua daripada registri; pulihkan direktori kunci yang lebih baru",
    ),
    (
        "{path} holds the keys of another registry, or of another init that was cut short; choose an empty keys directory with --keys",
        "{path} berisi kunci registri lain, atau kunci dari init yang terputus; pilih direktori kunci yang kosong dengan --keys",
    ),
    (
        "the {group} fields of event {index} are sealed with a key that {path} never had: its keys are older than the registry; restore the newer keys directory",
        "kolom {group} peristiwa {index} disegel dengan kunci yang tidak pernah ada di {path}: kuncinya lebih tua daripada registri; pulihkan direktori kunci yang lebih baru",
    ),
    ("cannot draw salts for sealed fields: {*0}", "garam untuk kolom tersegel tidak dapat diambil: {0}"),
    (
        "the clock says {wall}, but the last event was recorded at {last}; set the clock, or pass --accept-clock",
        "jam menunjukkan {wall}, padahal peristiwa terakhir dicatat {last}; betulkan jam, atau beri --accept-clock",
    ),
    (
        "the clock says {wall}, more than 400 days after the last event at {last}; set the clock, or pass --accept-clock",
        "jam menunjukkan {wall}, lebih dari 400 hari sesudah peristiwa terakhir {last}; betulkan jam, atau beri --accept-clock",
    ),
    (
        "the clock was moved by {moved_ms} ms while the registry ran; set it right and reopen, or reopen with --accept-clock",
        "jam digeser {moved_ms} milidetik selagi registri berjalan; betulkan lalu buka kembali, atau buka kembali dengan --accept-clock",
    ),
    (
        "the clock says {unix_ms} ms since 1970, outside the years 1900 to 2999; set the clock",
        "jam menunjukkan {unix_ms} milidetik sejak 1970, di luar tahun 1900 sampai 2999; betulkan jam",
    ),
    (
        "cannot keep the entries in a temporary file (TMPDIR says where): {*0}",
        "isi log tidak dapat disimpan dalam berkas sementara (TMPDIR menyebut tempatnya): {0}",
    ),
    ("{name} cannot be read: {*source}", "{name} tidak dapat dibaca: {source}"),
    (
        "the store holds {tip} positions, the batch was made for {expected}; reopen the registry",
        "penyimpanan memuat {tip} posisi, kelompok ini dibuat untuk {expected}; buka kembali registri",
    ),
    (
        "the store is damaged at {*place}: {*reason}; run `jejak recover`",
        "penyimpanan rusak pada {place}: {reason}; jalankan `jejak recover`",
    ),
    (
        "it is not known whether the store kept the batch at {at}: {*source}",
        "tidak diketahui apakah penyimpanan memuat kelompok pada {at}: {source}",
    ),
    ("the store cannot {*operation}: {*source}", "penyimpanan tidak dapat {operation}: {source}"),
    (
        "the vault is damaged at byte {offset}: {*reason}; run `jejak recover`",
        "brankas rusak pada byte {offset}: {reason}; jalankan `jejak recover`",
    ),
    (
        "line {line} is damaged in both copies of the keys file; restore it from a backup",
        "baris {line} rusak pada kedua salinan berkas kunci; pulihkan dari cadangan",
    ),
    (
        "the two copies of the keys file differ at line {line}; remove the one that is not of this registry",
        "kedua salinan berkas kunci berbeda pada baris {line}; hapus yang bukan milik registri ini",
    ),
    (
        "there is no keys file in {a}; give the directory that `init` made with --keys",
        "tidak ada berkas kunci di {a}; sebut direktori yang dibuat `init` dengan --keys",
    ),
    (
        "{a} holds a keys file already; choose an empty directory",
        "{a} sudah berisi berkas kunci; pilih direktori kosong",
    ),
    (
        "{subject} has or had a {group} key already; a destroyed key is never replaced",
        "{subject} sudah atau pernah punya kunci {group}; kunci yang dimusnahkan tidak pernah diganti",
    ),
    (
        "{name} cannot name a key; use visible characters without spaces, 1 to 200 bytes",
        "{name} bukan nama kunci; pakai karakter yang terlihat tanpa spasi, 1 sampai 200 byte",
    ),
    (
        "the keys file failed earlier, or was only read; reopen it before changing it",
        "berkas kunci gagal sebelumnya, atau hanya dibaca; buka kembali sebelum mengubahnya",
    ),
    (
        "the {group} fields of {subject} in event {index} were erased",
        "kolom {group} milik {subject} pada peristiwa {index} sudah dihapus",
    ),
    (
        "there is no key for the {group} fields of {subject} in event {index}; give the registry's own keys directory (--keys)",
        "tidak ada kunci untuk kolom {group} milik {subject} pada peristiwa {index}; sebut direktori kunci registri ini sendiri (--keys)",
    ),
    (
        "the frame of event {index} was not sealed with the key given for {subject}; give the registry's own keys directory (--keys)",
        "bingkai peristiwa {index} tidak disegel dengan kunci yang diberikan untuk {subject}; sebut direktori kunci registri ini sendiri (--keys)",
    ),
    (
        "the vault frame of event {index} is damaged: {*reason}; run `jejak recover`",
        "bingkai brankas peristiwa {index} rusak: {reason}; jalankan `jejak recover`",
    ),
    (
        "the disclosures of event {index} take {length_bytes} bytes, a frame holds {limit_bytes}; shorten the sealed fields",
        "nilai tersegel peristiwa {index} panjangnya {length_bytes} byte, satu bingkai memuat {limit_bytes}; persingkat kolom tersegel",
    ),
    ("cannot draw a nonce for the vault: {*0}", "bilangan acak untuk brankas tidak dapat diambil: {0}"),
];

/// Reasons, places and what was tried, as they stand within errors.
pub const REASONS: &[Pair] = &[
    ("index {index}", "indeks {index}"),
    ("indexes {from} to {to}", "indeks {from} sampai {to}"),
    ("{path} at byte {offset}", "{path} pada byte {offset}"),
    ("vault bytes {from} to {to}", "byte brankas {from} sampai {to}"),
    ("the store it was in is gone", "penyimpanan yang memuatnya sudah tidak ada"),
    ("the file ends here", "berkas berakhir di sini"),
    ("these bytes are no whole commit", "byte ini bukan kelompok yang utuh"),
    (
        "it was not compared, because the journal is not in order",
        "tidak dibandingkan, karena jurnal tidak beres",
    ),
    ("no journal segment is open", "tidak ada ruas jurnal yang terbuka"),
    (
        "the compressed segment does not read back as it was written",
        "ruas yang dimampatkan tidak terbaca sama seperti ditulis",
    ),
    ("the text ends within a line", "teks berakhir di tengah baris"),
    ("the commit line is malformed", "baris penutup kelompok salah bentuk"),
    ("the commit line is missing", "baris penutup kelompok tidak ada"),
    (
        "the checksum is {computed}, the commit line says {checksum}",
        "jumlah periksa {computed}, baris penutup menyebut {checksum}",
    ),
    ("a line does not start with `{`", "satu baris tidak diawali `{`"),
    ("the commit has no events", "kelompok tidak memuat peristiwa"),
    (
        "the commit line says size {size}, its {events} events start at index {first}",
        "baris penutup menyebut ukuran {size}, sedangkan {events} peristiwanya mulai pada indeks {first}",
    ),
    (
        "the commit line says {stated} vault bytes, the one before {before}",
        "baris penutup menyebut {stated} byte brankas, yang sebelumnya {before}",
    ),
    (
        "the events hash to root {root}, the commit line says {stated}",
        "peristiwanya menghasilkan akar {root}, baris penutup menyebut {stated}",
    ),
    (
        "the events hash to root {root} where {witness} says {stated}; {*reason}",
        "peristiwanya menghasilkan akar {root}, sedangkan {witness} menyebut {stated}; {reason}",
    ),
    ("another process", "proses lain"),
    ("process {pid}", "proses {pid}"),
    ("does not start with `{`", "tidak diawali `{`"),
    ("is longer than 65,535 bytes", "lebih panjang dari 65.535 byte"),
    ("contains a newline", "memuat ganti baris"),
    (
        "is missing: a commit has at least one event",
        "tidak ada: satu kelompok memuat paling sedikit satu peristiwa",
    ),
    ("the checkpoint given", "checkpoint yang diberikan"),
    ("it is not UTF-8", "bukan UTF-8"),
    ("the empty tree", "pohon kosong"),
    ("no chunk of the store covers it", "tidak ada bagian penyimpanan yang memuatnya"),
    ("the store's bytes do not hash to the tree", "isi penyimpanan tidak cocok dengan pohon"),
    (
        "neither the store's tile nor its events hash to the tree",
        "ubin maupun peristiwa dalam penyimpanan tidak cocok dengan pohon",
    ),
    (
        "no sound frame starts here, in the vault file or in the store",
        "tidak ada bingkai utuh yang mulai di sini, dalam berkas brankas maupun penyimpanan",
    ),
    ("index {index} was expected", "seharusnya indeks {index}"),
    ("it ends at index {at}", "berakhir pada indeks {at}"),
    ("its chunk at {at} covers the wrong positions", "bagiannya pada {at} memuat posisi yang salah"),
    ("it goes on past index {at}", "berlanjut melewati indeks {at}"),
    ("its chunk at {at} differs from the journal", "bagiannya pada {at} berbeda dari jurnal"),
    ("it ends within a commit", "berakhir di tengah kelompok"),
    (
        "it says that it holds {tip} positions, and holds {next}",
        "menyebut memuat {tip} posisi, padahal memuat {next}",
    ),
    (
        "it ends at index {tip}, before the anchor at {anchor}",
        "berakhir pada indeks {tip}, sebelum jangkar pada {anchor}",
    ),
    ("its copy of the vault differs at byte {offset}", "salinan brankasnya berbeda pada byte {offset}"),
    ("no chunk covers it", "tidak ada bagian yang memuatnya"),
    ("which events differ cannot be told", "peristiwa mana yang berbeda tidak dapat diketahui"),
    ("the journal ends here", "jurnal berakhir di sini"),
    ("it ends here", "berakhir di sini"),
    ("it cannot be opened", "tidak dapat dibuka"),
    ("no copy of them has its checksum right", "tidak satu salinan pun cocok dengan jumlah periksanya"),
    (
        "its vault frames are damaged in the vault file and in the store",
        "bingkai brankasnya rusak dalam berkas brankas dan dalam penyimpanan",
    ),
    ("the store ends within a commit", "penyimpanan berakhir di tengah kelompok"),
    (
        "the store's chunk at {next} covers {covered} positions from {from}",
        "bagian penyimpanan pada {next} memuat {covered} posisi mulai {from}",
    ),
    ("changed while it was read: {*reason}", "berubah selagi dibaca: {reason}"),
    ("is no checkpoint ({*reason})", "bukan checkpoint ({reason})"),
    ("is not a checkpoint of this log ({*reason})", "bukan checkpoint log ini ({reason})"),
    ("event {index}: {*reason}", "peristiwa {index}: {reason}"),
    ("line {line}: {*reason}", "baris {line}: {reason}"),
    ("position {position}", "posisi {position}"),
    ("the facts are still shared", "fakta masih dipakai bersama"),
    (
        "the views understand only the first {understood} of {read} events",
        "tampilan hanya memahami {understood} peristiwa pertama dari {read}",
    ),
    ("a made UUIDv7 does not read back", "UUIDv7 yang dibuat tidak terbaca kembali"),
    ("the writer did not answer", "penulis tidak menjawab"),
    ("the writer ended before it answered", "penulis berakhir sebelum menjawab"),
    ("not every event was answered", "tidak semua peristiwa dijawab"),
    ("the clock is set outside the years 1900 to 2999", "jam di luar tahun 1900 sampai 2999"),
    (
        "the keys file has no attestation key; start with an empty keys directory",
        "berkas kunci tidak punya kunci pengesahan; mulai dengan direktori kunci yang kosong",
    ),
    ("a constant of the program is out of bounds", "satu tetapan program di luar batas"),
    ("it is there already and was not written by this init", "sudah ada dan tidak ditulis oleh init ini"),
    ("it is not a recovery secret", "bukan rahasia pemulihan"),
    ("it is the recovery secret of another origin", "rahasia pemulihan milik asal lain"),
    ("its secret is damaged", "rahasianya rusak"),
    ("{*reason}; name another file with --recovery", "{reason}; sebut berkas lain dengan --recovery"),
    ("that event 0 should name", "yang seharusnya disebut peristiwa 0"),
    (
        "the keys file has no secret of the attestation key {*named}",
        "berkas kunci tidak punya rahasia dari kunci pengesahan {named}",
    ),
    (
        "event 0 is not registry.opened; this is no log of this program",
        "peristiwa 0 bukan registry.opened; ini bukan log program ini",
    ),
    (
        "the vault ends within a frame; run `jejak recover`",
        "brankas berakhir di tengah bingkai; jalankan `jejak recover`",
    ),
    ("the randomness of the system", "sumber bilangan acak sistem"),
    ("the writer's thread", "utas penulis"),
    ("there is none", "tidak ada"),
    ("it is a checkpoint of another tree", "checkpoint dari pohon lain"),
    (
        "event 0 names no checkpoint key, or was not read yet",
        "peristiwa 0 tidak menyebut kunci checkpoint, atau belum dibaca",
    ),
    ("event 0 opens no registry", "peristiwa 0 tidak membuka registri"),
    (
        "not a record; nothing after it was judged or counted",
        "bukan catatan peristiwa; yang sesudahnya tidak dinilai dan tidak dihitung",
    ),
    ("entry {index} was not read", "isi {index} tidak terbaca"),
    ("sled panicked: {panic}", "sled berhenti mendadak: {panic}"),
    ("sled panicked", "sled berhenti mendadak"),
    ("could not acquire lock", "sedang dipegang proses lain"),
    ("no table has such keys", "tidak ada tabel dengan kunci seperti itu"),
    ("the store is closed", "penyimpanan tertutup"),
    ("no chunk from there to {tip}", "tidak ada bagian dari sana sampai {tip}"),
    ("a chunk key has 9 bytes", "kunci bagian panjangnya 9 byte"),
    ("the chunk is shorter than its header", "bagian ini lebih pendek daripada kepalanya"),
    ("chunk version {version} is not {wanted}", "bagian berversi {version}, bukan {wanted}"),
    ("the chunk does not match its checksum", "bagian ini tidak cocok dengan jumlah periksanya"),
    ("the chunk does not unpack: {*reason}", "bagian ini tidak dapat dibuka: {reason}"),
    ("{*reason}; reopen the registry", "{reason}; buka kembali registri"),
    ("the cipher refused it", "ditolak penyandi"),
    ("it is not one frame", "bukan satu bingkai"),
    ("it belongs to another event or group", "milik peristiwa atau golongan lain"),
    ("it is shorter than its header", "lebih pendek daripada kepalanya"),
    (
        "it does not open with this key, event and subject",
        "tidak terbuka dengan kunci, peristiwa dan subjek ini",
    ),
    ("its content is not a list of disclosures", "isinya bukan daftar nilai tersegel"),
    ("it ends within a frame", "berakhir di tengah bingkai"),
    ("it has no hash", "tidak punya hash"),
    ("it is missing", "tidak ada"),
    ("it is cut short", "terpotong"),
    ("it does not open with its key", "tidak terbuka dengan kuncinya"),
    ("it does not begin as evidence does", "awalnya bukan awal lampiran"),
    ("its header cannot be read", "kepalanya tidak terbaca"),
    (
        "{path} is no registry (no `journal`), no published tree (no `tile`) and no bundle",
        "{path} bukan registri (tidak ada `journal`), bukan pohon terbitan (tidak ada `tile`) dan bukan berkas bukti",
    ),
    ("this is a checkpoint of size {found}", "ini checkpoint berukuran {found}"),
    ("there is no checkpoint here", "tidak ada checkpoint di sini"),
    (
        "{length} bytes are no checkpoint: at most {limit} are read",
        "{length} byte bukan checkpoint: paling banyak {limit} yang dibaca",
    ),
    (
        "the journal has a gap: {name} should start at index {at}; entries are missing",
        "jurnal berlubang: {name} seharusnya mulai pada indeks {at}; ada peristiwa yang hilang",
    ),
    (
        "{name}: entry {at} has {length} bytes, at most {limit} fit",
        "{name}: isi {at} panjangnya {length} byte, paling banyak {limit}",
    ),
    (
        "{path} has {length} bytes, at most {limit} can be right",
        "{path} panjangnya {length} byte, paling banyak {limit} yang mungkin benar",
    ),
    ("{path} is missing", "{path} tidak ada"),
    ("{path} is not what its entries hash to", "{path} tidak cocok dengan isinya"),
    ("there are no events in the bundle", "tidak ada peristiwa dalam berkas bukti"),
    ("it is of `{origin}`", "milik `{origin}`"),
    ("nothing was signed", "tidak ada yang ditandatangani"),
    ("another version", "versi lain"),
    ("a range without end", "rentang tanpa akhir"),
    ("ranges out of order", "rentang tidak berurutan"),
    ("no range", "tidak ada rentang"),
    ("corrections out of order", "koreksi tidak berurutan"),
    ("no code", "tidak ada kode"),
    ("bytes behind the end", "ada byte sesudah akhir"),
    ("it ends too early", "berakhir terlalu cepat"),
    ("a number without end", "angka tanpa akhir"),
    ("more of something than a chunk can hold", "lebih banyak daripada yang muat dalam satu bagian"),
    ("a run beyond its column", "deret melewati kolomnya"),
    ("an amendment of something later", "perubahan atas sesuatu yang lebih baru"),
    ("a cell that no row has", "sel yang tidak dimiliki baris mana pun"),
    ("it is a correction; correct the original instead", "itu koreksi; koreksi aslinya"),
    (
        "a retraction stands for ever; record the fact anew instead",
        "penarikan berlaku selamanya; catat faktanya sekali lagi",
    ),
    ("it is a correction that was not taken in", "itu koreksi yang tidak diterima"),
    ("the registry's own events stand for ever", "peristiwa registri sendiri berlaku selamanya"),
    ("what was destroyed stays destroyed", "yang dimusnahkan tetap musnah"),
    ("cannot write the output as CSV", "tidak dapat menulis keluaran sebagai CSV"),
    ("cannot write the output: {*reason}", "tidak dapat menulis keluaran: {reason}"),
    ("there is no randomness: {*reason}", "bilangan acak tidak tersedia: {reason}"),
    ("cannot write {path}: {*reason}", "tidak dapat menulis {path}: {reason}"),
    ("cannot read {path}: {*reason}", "tidak dapat membaca {path}: {reason}"),
    ("cannot create {path}: {*reason}", "tidak dapat membuat {path}: {reason}"),
    ("cannot read the input: {*reason}", "tidak dapat membaca masukan: {reason}"),
    (
        "cannot start the thread that reads the input: {*reason}",
        "tidak dapat menjalankan utas yang membaca masukan: {reason}",
    ),
    (
        "the registry did not answer line {line}; append the file again to learn what stands",
        "registri tidak menjawab baris {line}; catat berkas itu lagi untuk mengetahui apa yang sudah tercatat",
    ),
    ("the clock is before 1970", "jam menunjukkan waktu sebelum 1970"),
    (
        "the audit statement cannot be signed: {*reason}",
        "pernyataan pemeriksaan tidak dapat ditandatangani: {reason}",
    ),
    ("event 0 names no checkpoint key", "peristiwa 0 tidak menyebut kunci checkpoint"),
    (
        "the receipt was made and does not check; run `jejak verify`: {*reason}",
        "tanda terima sudah dibuat tetapi tidak cocok; jalankan `jejak verify`: {reason}",
    ),
];
