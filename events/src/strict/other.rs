//! What else a line may be: files that people take for JSON Lines, told by how they begin.
//!
//! These are hints for people; nothing here accepts anything.

use crate::fault::Refusal;

fn malformed(id: &str, en: &str) -> Refusal {
    Refusal::new("malformed", id, en)
}

/// A file that is no text at all.
pub(super) fn no_text(bytes: &[u8]) -> Option<Refusal> {
    let begins = |with: &[u8]| bytes.starts_with(with);
    if begins(b"PK\x03\x04") || begins(b"\xd0\xcf\x11\xe0") {
        return Some(malformed(
            "ini buku kerja (Excel atau sejenisnya) atau berkas ZIP, bukan berkas baris JSON; simpan tiap baris sebagai satu objek JSON",
            "this is a workbook (Excel or the like) or a ZIP file, no JSON Lines; write each row as one JSON object",
        ));
    }
    if begins(b"%PDF") {
        return Some(malformed(
            "ini berkas PDF, bukan berkas baris JSON; lampirkan dengan `jejak attach`, dan tulis faktanya sebagai objek JSON",
            "this is a PDF file, no JSON Lines; attach it with `jejak attach`, and write its facts as JSON objects",
        ));
    }
    if begins(b"\xff\xfe") || begins(b"\xfe\xff") {
        return Some(malformed(
            "berkas ini disimpan sebagai UTF-16; simpan sebagai UTF-8 tanpa tanda urutan byte (BOM)",
            "this file is saved as UTF-16; save it as UTF-8 without a byte order mark (BOM)",
        ));
    }
    None
}

/// What a line seems to be that was refused as no JSON object.
pub(super) fn seems(bytes: &[u8], refused: &Refusal) -> Option<Refusal> {
    let Ok(text) = std::str::from_utf8(bytes) else { return no_text(bytes) };
    if text.starts_with('\u{feff}') {
        return Some(malformed(
            "berkas diawali tanda urutan byte (BOM), seperti ditulis Excel dan Notepad; simpan sebagai UTF-8 tanpa BOM",
            "the file begins with a byte order mark (BOM), as Excel and Notepad write it; save it as UTF-8 without BOM",
        ));
    }
    if let Some(refusal) = no_text(bytes) {
        return Some(refusal);
    }
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Some(malformed(
            "baris kosong; tulis satu objek JSON {...} per baris",
            "the line is empty; write one JSON object {...} a line",
        ));
    }
    if trimmed.starts_with('[') {
        return Some(list());
    }
    if trimmed.starts_with('{') {
        return refused.message.en.contains("EOF while parsing").then(|| {
            malformed(
                "objek JSON tidak selesai pada baris ini; tulis seluruh objek dalam satu baris, dan tutup semua kurung dan tanda kutip",
                "the JSON object does not end on this line; write the whole object on one line, and close every bracket and quotation mark",
            )
        });
    }
    if trimmed.starts_with('<') {
        return Some(malformed(
            "ini HTML atau XML, bukan JSON; tulis satu objek JSON {...} per baris",
            "this is HTML or XML, no JSON; write one JSON object {...} a line",
        ));
    }
    if trimmed.contains([',', ';', '\t']) && !trimmed.starts_with(['}', ']', '"']) {
        return Some(malformed(
            "ini tampak seperti baris CSV atau lembar kerja, bukan JSON; tulis satu objek JSON {...} per baris",
            "this looks like a line of CSV or a spreadsheet, no JSON; write one JSON object {...} a line",
        ));
    }
    Some(malformed(
        "baris ini bukan objek JSON; tulis satu objek JSON {...} per baris",
        "this line is no JSON object; write one JSON object {...} a line",
    ))
}

fn list() -> Refusal {
    malformed(
        "ini daftar JSON [...]; tulis isinya satu objek {...} per baris, tanpa kurung siku dan koma di antaranya (`jq -c '.[]' BERKAS`)",
        "this is a JSON list [...]; write its objects one a line, without the brackets and the commas between (`jq -c '.[]' FILE`)",
    )
}
