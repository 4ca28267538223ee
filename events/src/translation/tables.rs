//! The tables: English template, Indonesian template.
//!
//! `{name}` stands for a value, `{*name}` for a text that is translated itself. Which names are used is free; they
//! must be the same on both sides.

mod reasons;
mod record;
mod registry;

use super::Pair;

pub use reasons::REASONS;
pub use record::RECORD;
pub use registry::REGISTRY;

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
    ("expected ident", "kata yang bukan `true`, `false` atau angka harus di antara tanda kutip"),
    ("expected value", "di sini seharusnya ada nilai; teks ditulis di antara tanda kutip \""),
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
    ("Data corruption detected", "isi yang dimampatkan rusak"),
    ("Unknown frame descriptor", "bukan isi yang dimampatkan dengan zstd"),
    ("incomplete frame", "isi yang dimampatkan terpotong"),
    ("Restored data doesn't match checksum", "isi yang dimampatkan tidak cocok dengan jumlah periksanya"),
];

/// What was tried.
pub const OPERATIONS: &[Pair] = &[
    ("sync", "mengamankan"),
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
    ("append to", "menambahi"),
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
    ("start a thread", "menjalankan proses bagian"),
    ("set its sled directory aside", "menyisihkan direktori sled"),
    ("remove the copy of its sled directory", "menghapus salinan direktori sled"),
    ("lock its sled directory", "mengunci direktori sled"),
    ("copy its sled directory aside", "menyalin direktori sled"),
    ("clear sled's unfinished snapshots", "menghapus berkas sementara sled"),
    ("was not signed", "tidak ditandatangani"),
    ("given is not good", "yang diberikan tidak sah"),
    ("corrections and retractions", "koreksi dan penarikan"),
];
