//! Typed errors of the registry and its commands.

use super::super::Pair;

/// The typed errors (`#[error("...")]`) of the registry.
pub const REGISTRY: &[Pair] = &[
    ("cannot {*operation} {*a}: {*source}", "tidak dapat {operation} {a}: {source}"),
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
        "berkas bukti memuat paling banyak 65.534 bagian dan 4 GiB, kira-kira 16,7 juta peristiwa: ini lebih",
    ),
    (
        "{member} cannot follow {after} in a bundle",
        "{member} tidak dapat menyusul {after} dalam berkas bukti",
    ),
    ("{member} cannot be deflated: {*reason}", "{member} tidak dapat dimampatkan: {reason}"),
    ("the manifest cannot be signed: {*0}", "daftar isi tidak dapat ditandatangani: {0}"),
    ("the checkpoint of this log does not check: {*0}", "checkpoint log ini tidak cocok: {0}"),
    (
        "sealed values are disclosed by the process alone that holds the registry, which notes the look",
        "nilai tersegel hanya dibuka oleh proses yang memegang registri, yang mencatat akses itu",
    ),
    (
        "sealed values are opened by the process that writes alone, which notes the look",
        "nilai tersegel hanya dibuka oleh proses yang menulis, yang mencatat akses itu",
    ),
    (
        "no signed checkpoint of this log is here; whoever writes signs one with the next event",
        "checkpoint log ini yang ditandatangani belum ada; yang menulis registri menandatanganinya bersama peristiwa berikutnya",
    ),
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
    ("it is damaged", "berkasnya rusak"),
    ("another version of the program wrote it", "ditulis oleh versi program yang lain"),
    ("the state is too large for its stored form", "keadaannya terlalu besar untuk bentuk simpannya"),
    ("machine and facts are of different sizes", "mesin dan fakta tidak berukuran sama"),
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
        "the release of {period} of the worked example was refused: {refusal}",
        "rilis {period} dari contoh ditolak: {refusal}",
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
        "checkpoint berukuran {size} ditandatangani log ini, tetapi bukan dari pohon yang ada di sini ({held} peristiwa): log pernah dikembalikan ke keadaan lama lalu tumbuh lagi, atau ini salinan yang tertinggal",
    ),
    (
        "the checkpoint of size {size} is signed by this log and never stood: {*0}",
        "checkpoint berukuran {size} ditandatangani log ini dan tidak pernah ada: {0}",
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
        "data tersegel kelompok ini salah bentuk pada byte {offset}; tidak ada yang ditulis",
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
        "another process has taken over this registry and records in it; nothing of this was recorded, and the {size} events known here stand: send these to that process, or reopen the registry here",
        "proses lain telah mengambil alih registri ini dan mencatat di dalamnya; dari kiriman ini tidak ada yang dicatat, dan {size} peristiwa yang diketahui di sini tetap ada: kirimkan kepada proses itu, atau buka kembali registri di sini",
    ),
    (
        "the place of the log did not take {*what}: {*reason}; nothing was changed and nothing is lost: try again",
        "tempat log tidak menerima {what}: {reason}; tidak ada yang diubah dan tidak ada yang hilang: coba lagi",
    ),
    (
        "the log stopped after an earlier failure ({*reason}); reopen the registry",
        "log berhenti sesudah kegagalan ({reason}); buka kembali registri",
    ),
    (
        "the log is damaged in all its copies here: {*damage}; nothing was changed, and no copy here mends it: put these files back from a backup, or take a copy of the registry that is kept elsewhere",
        "log rusak di semua salinannya di sini: {damage}; tidak ada yang diubah, dan tidak ada salinan di sini yang memperbaikinya: kembalikan berkas ini dari cadangan, atau ambil salinan registri yang disimpan di tempat lain",
    ),
    (
        "the log is damaged: {*a}; nothing was changed: restore these files from a backup, or run `jejak recover`",
        "log rusak: {a}; tidak ada yang diubah: pulihkan berkas ini dari cadangan, atau jalankan `jejak recover`",
    ),
    ("{*why}. What is damaged: {*a}", "{why}. Yang rusak: {a}"),
    (
        "the journal is damaged, and its other copy is in the hands of {*holder}, which goes on with it: nothing has to be restored. Ask again when that process has ended, or wait for it with --wait SECONDS; the journal is healed from that copy then",
        "jurnal rusak, dan salinan lainnya sedang dipakai {holder}, yang terus bekerja: tidak ada yang perlu dipulihkan dari cadangan. Ulangi sesudah proses itu selesai, atau tunggu dengan --wait DETIK; jurnal lalu dipulihkan dari salinan itu",
    ),
    (
        "the journal is damaged, and who may not write in {directory} cannot ask its other copy: nothing has to be restored yet. Let somebody who may run `jejak verify`, which heals the journal from that copy",
        "jurnal rusak, dan yang tidak boleh menulis di {directory} tidak dapat memakai salinan lainnya: belum ada yang perlu dipulihkan dari cadangan. Mintalah yang boleh menjalankan `jejak verify`, yang memulihkan jurnal dari salinan itu",
    ),
    (
        "the journal is damaged, and it was to be healed from its other copy, but: {*reason}",
        "jurnal rusak, dan hendak dipulihkan dari salinan lainnya, tetapi: {reason}",
    ),
    (
        "{path} and the store's copy of it hold different frames, each sound in itself: {*a}; nothing was changed: move one of them away and keep it ({path}, or the directory sled beside it), then run `jejak verify`, which says whether the other fits the records",
        "{path} dan salinannya dalam penyimpanan memuat data tersegel yang berbeda, masing-masing utuh: {a}; tidak ada yang diubah: pindahkan salah satunya dan simpan ({path}, atau direktori sled di sebelahnya), lalu jalankan `jejak verify`, yang menyebut apakah yang tinggal cocok dengan catatan",
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
        "{path} is {*found}, and no anchor of a registry; nothing was changed: give the anchor's own place with --anchor, or, for a new one, a name that nothing has",
        "{path} adalah {found}, bukan jangkar registri; tidak ada yang diubah: sebut tempat jangkar itu dengan --anchor, atau, untuk yang baru, nama yang belum dipakai",
    ),
    (
        "{path} is {*found}, where the registry has {*wanted}; nothing was changed: {*to_do}",
        "{path} adalah {found}, padahal di situ registri memuat {wanted}; tidak ada yang diubah: {to_do}",
    ),
    ("a link that leads nowhere", "tautan yang tidak menuju apa pun"),
    (
        "move it away, then run `jejak recover`, which makes what belongs there again from the other copy",
        "pindahkan, lalu jalankan `jejak recover`, yang membuat kembali isi tempat itu dari salinan lainnya",
    ),
    (
        "move it away; the next command that writes makes what belongs there again from its other copy",
        "pindahkan; perintah berikutnya yang menulis membuat kembali isi tempat itu dari salinan lainnya",
    ),
    (
        "move it away; the next command that writes makes the anchor again from the stored checkpoint",
        "pindahkan; perintah berikutnya yang menulis membuat kembali jangkar dari checkpoint tersimpan",
    ),
    (
        "move it away, and give the place of the anchor with --anchor if it lies elsewhere",
        "pindahkan, dan sebut tempat jangkar dengan --anchor bila jangkar disimpan di tempat lain",
    ),
    ("move it away", "pindahkan"),
    (
        "move it away, and put back what belongs there, from a backup if need be",
        "pindahkan, dan kembalikan isi yang seharusnya di situ, bila perlu dari cadangan",
    ),
    (
        "{path} was removed or replaced while this process wrote, so that another may have begun to; nothing of this was recorded: reopen the registry",
        "{path} dihapus atau diganti selagi proses ini menulis, sehingga proses lain mungkin sudah mulai menulis; dari kiriman ini tidak ada yang dicatat: buka kembali registri",
    ),
    ("another file", "berkas lain"),
    (
        "{*first} and {*second} name different roots for size {size}; one of them belongs to another log: put the right file back",
        "{first} dan {second} menyebut akar berbeda untuk ukuran {size}; salah satunya milik log lain: kembalikan berkas yang benar",
    ),
    (
        "{*holder} holds {path} and writes there, and one process at a time does; try again later, or ask whoever runs it",
        "{holder} memegang {path} dan sedang menulis di sana, dan hanya satu proses yang boleh; ulangi nanti, atau tanyakan kepada yang menjalankannya",
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
    ("cannot {*operation} {*path}: {*source}", "tidak dapat {operation} {path}: {source}"),
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
        "{a} has size {published_size}, more than the {size} to be published; publish the newer one",
        "{a} berukuran {published_size}, lebih besar daripada {size} yang hendak diterbitkan; terbitkan yang lebih baru",
    ),
    (
        "{a} has other bytes than this log: it is of another log, or was altered; take it away, or publish into an empty directory",
        "{a} isinya lain daripada log ini: milik log lain, atau diubah; singkirkan, atau terbitkan ke direktori kosong",
    ),
    (
        "{a} is {*found}, where the published log has {*wanted}; take it away",
        "{a} adalah {found}, padahal di situ log terbitan memuat {wanted}; singkirkan",
    ),
    ("a file", "berkas"),
    ("a directory", "direktori"),
    ("a link", "tautan"),
    ("a device", "perangkat"),
    (
        "is no handover of this log, and readers would take it for one",
        "bukan serah terima kunci log ini, dan pembaca akan menganggapnya demikian",
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
        "ini bukan tanda terima dari `jejak receipt`: baris awalnya tidak menyebut bentuk jejak-receipt/N",
    ),
    (
        "this is no receipt: it is longer than {PAGE_LIMIT_BYTES} bytes",
        "ini bukan tanda terima: lebih panjang daripada {PAGE_LIMIT_BYTES} byte",
    ),
    (
        "the receipt has the form {found}, this program knows {FORM}: check it with the version that wrote it",
        "tanda terima ini berbentuk {found}, sedangkan program ini mengenal {FORM}: periksa dengan versi yang menulisnya",
    ),
    (
        "{a} is missing on the page, or is not in canonical base64",
        "{a} tidak ada pada halaman, atau bukan base64 kanonik",
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
        "event.tlog-proof memuat baris `extra`, yang tidak dijamin apa pun; milik kami tidak memuatnya",
    ),
    (
        "the checkpoint in event.tlog-proof has a signature line of `{0}`, whose key you did not name: nothing says that they signed; list them in a policy, or take a receipt without that line",
        "checkpoint dalam event.tlog-proof memuat baris tanda tangan `{0}`, yang kuncinya tidak Anda sebut: tidak ada yang menyatakan bahwa ia menandatangani; sebut dia dalam kebijakan, atau minta tanda terima tanpa baris itu",
    ),
    (
        "attestation-key.json does not name the attestation key of this log: {*0}",
        "attestation-key.json tidak menyebut kunci pernyataan log ini: {0}",
    ),
    (
        "its proof is not under the checkpoint of event.tlog-proof",
        "buktinya bukan di bawah checkpoint event.tlog-proof",
    ),
    ("it names none", "tidak ada kunci yang disebutnya"),
    ("it says otherwise whether the data are made up", "ia menyatakan lain tentang rekaan tidaknya data"),
    (
        "`standing` is not the registry's word about this event: {*0}",
        "`standing` bukan pernyataan registri tentang peristiwa ini: {0}",
    ),
    (
        "it has {0} signatures; the attestation key signs it alone",
        "ada {0} tanda tangan; hanya kunci pernyataan yang menandatanganinya",
    ),
    ("line {line} is not `{wanted}`", "baris {line} bukan `{wanted}`"),
    (
        "it is about another event, or another state of the log",
        "isinya tentang peristiwa lain, atau keadaan log yang lain",
    ),
    (
        "it is of {on}, and the event was recorded only at {recorded}",
        "isinya untuk {on}, sedangkan peristiwanya baru dicatat {recorded}",
    ),
    ("it is of {on}, which has not come on {day}", "isinya untuk {on}, yang belum tiba pada {day}"),
    ("disclosures.txt: {*0}", "disclosures.txt: {0}"),
    (
        "event and proof check, but the page was altered: line {line}, part {*place}, reads {found} and must read {expected}",
        "peristiwa dan buktinya cocok, tetapi halaman ini diubah: baris {line}, bagian {place}, berbunyi {found} dan seharusnya {expected}",
    ),
    ("the page cannot be laid out: {*0}", "halaman tidak dapat disusun: {0}"),
    ("the past could not be read: {*0}", "riwayat tidak dapat dibaca: {0}"),
    (
        "the keys cannot be used, and nothing was changed: {*0}",
        "kunci tidak dapat dipakai, dan tidak ada yang diubah: {0}",
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
        "event {index} stays sealed: no look at {subject} was noted",
        "peristiwa {index} tetap tersegel: tidak ada catatan akses untuk {subject}",
    ),
    (
        "event {index} stays sealed: the look was noted in another registry; note it in this one",
        "peristiwa {index} tetap tersegel: penglihatannya dicatat di registri lain; catat di registri ini",
    ),
    (
        "{path} stays sealed: the look was noted in another registry; note it in this one",
        "{path} tetap tersegel: penglihatannya dicatat di registri lain; catat di registri ini",
    ),
    (
        "{path} stays sealed: no look at it was noted",
        "{path} tetap tersegel: tidak ada catatan akses untuknya",
    ),
    (
        "what was found of {subject} is not shown: no look was noted",
        "yang ditemukan tentang {subject} tidak ditampilkan: tidak ada catatan akses untuknya",
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
        "data tersegel peristiwa {index} tidak disegel dengan kunci yang diberikan untuk {subject}; sebut direktori kunci registri ini sendiri (--keys)",
    ),
    (
        "the vault frame of event {index} is damaged: {*reason}; run `jejak recover`",
        "data tersegel peristiwa {index} rusak: {reason}; jalankan `jejak recover`",
    ),
    (
        "the disclosures of event {index} take {length_bytes} bytes, a frame holds {limit_bytes}; shorten the sealed fields",
        "nilai tersegel peristiwa {index} panjangnya {length_bytes} byte, satu data tersegel memuat {limit_bytes}; persingkat kolom tersegel",
    ),
    ("cannot draw a nonce for the vault: {*0}", "bilangan acak untuk brankas tidak dapat diambil: {0}"),
    (
        "disclosure {number}, {field}, has no salt of 16 bytes: its value could be guessed from its digest",
        "pembukaan {number}, {field}, tidak memuat garam 16 byte: nilainya dapat ditebak dari sidik jarinya",
    ),
    (
        "disclosure {number}, {field}, has the salt of another one",
        "pembukaan {number}, {field}, memakai garam pembukaan lain",
    ),
    (
        "event.json says otherwise than what is signed: {*reason}",
        "event.json menyebut lain daripada yang ditandatangani: {reason}",
    ),
    (
        "the sum of {figure} in {area} is too large to be recorded; correct the reports that it is made of",
        "jumlah {figure} di {area} terlalu besar untuk dicatat; koreksi laporan yang dijumlahkan",
    ),
];
