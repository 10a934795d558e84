//! The name of an encoding, and bytes -> text: Python's `bytes.decode(name)`.
//!
//! Mirrors `encodings/__init__.py` and `encodings/aliases.py`. Of the encodings that Python has, those of East Asia
//! and the rarer code pages are read as far as they are ASCII; the others (EBCDIC, `utf-7`, ..) are refused.

use super::code_pages::PAGES;
use super::codec::{self, Order};

/// How the bytes of an encoding are read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Codec {
    /// UTF-8.
    Utf8,
    /// UTF-8 behind a byte order mark, or without.
    Utf8Signed,
    /// UTF-16 in this order, or in that of its byte order mark.
    Utf16(Option<Order>),
    /// The same of UTF-32.
    Utf32(Option<Order>),
    /// ASCII.
    Ascii,
    /// ISO 8859-1.
    Latin1,
    /// A code page whose upper half has these characters.
    Page(&'static str),
    /// ASCII with more behind it, of which we have no tables.
    BeyondAscii,
    /// Nothing that we can read.
    Unread,
    /// Bytes to bytes.
    NotText,
}

/// The names of the encodings that are no code page, separated by blanks.
const NAMES: &[(&str, Codec)] = &[
    ("utf_8 utf8 u8 utf cp65001 utf8_ucs2 utf8_ucs4", Codec::Utf8),
    ("utf_8_sig", Codec::Utf8Signed),
    ("utf_16 utf16 u16", Codec::Utf16(None)),
    ("utf_16_le utf_16le unicodelittleunmarked", Codec::Utf16(Some(Order::Little))),
    ("utf_16_be utf_16be unicodebigunmarked", Codec::Utf16(Some(Order::Big))),
    ("utf_32 utf32 u32", Codec::Utf32(None)),
    ("utf_32_le utf_32le", Codec::Utf32(Some(Order::Little))),
    ("utf_32_be utf_32be", Codec::Utf32(Some(Order::Big))),
    (
        "ascii us_ascii us 646 ansi_x3_4_1968 ansi_x3.4_1968 ansi_x3.4_1986 cp367 csascii ibm367 iso646_us \
         iso_646.irv_1991 iso_ir_6",
        Codec::Ascii,
    ),
    (
        "latin_1 latin1 latin l1 iso_8859_1 iso8859_1 iso8859 8859 cp819 ibm819 csisolatin1 iso_8859_1_1987 \
         iso_ir_100 charmap",
        Codec::Latin1,
    ),
    (
        "shift_jis shiftjis sjis s_jis csshiftjis x_mac_japanese cp932 932 ms932 mskanji ms_kanji euc_jp eucjp ujis \
         u_jis euc_jis_2004 euc_jis2004 eucjis2004 jisx0213 euc_jisx0213 eucjisx0213 big5 big5_tw csbig5 \
         x_mac_trad_chinese big5hkscs big5_hkscs hkscs cp950 950 ms950 gb2312 chinese csiso58gb231280 euc_cn euccn \
         eucgb2312_cn gb2312_1980 gb2312_80 iso_ir_58 x_mac_simp_chinese gbk 936 cp936 ms936 gb18030 gb18030_2000 \
         euc_kr euckr korean ksc5601 ks_c_5601 ks_c_5601_1987 ksx1001 ks_x_1001 x_mac_korean cp949 949 ms949 uhc \
         johab cp1361 ms1361",
        Codec::BeyondAscii,
    ),
    (
        "hp_roman8 roman8 r8 cp1051 ibm1051 tis_620 tis620 tis_620_0 tis_620_2529_0 tis_620_2529_1 iso_ir_166 cp1006 \
         cp1125 1125 ibm1125 cp866u ruscii cp437 437 ibm437 cspc8codepage437 cp720 cp737 cp775 775 ibm775 \
         cspc775baltic cp850 850 ibm850 cspc850multilingual cp852 852 ibm852 cspcp852 cp855 855 ibm855 csibm855 \
         cp856 cp857 857 ibm857 csibm857 cp858 858 ibm858 csibm858 cp860 860 ibm860 csibm860 cp861 861 ibm861 \
         csibm861 cp_is cp862 862 ibm862 cspc862latinhebrew cp863 863 ibm863 csibm863 cp865 865 ibm865 csibm865 \
         cp869 869 ibm869 csibm869 cp_gr koi8_t kz1048 kz_1048 rk1048 strk1048_2002 mac_arabic mac_croatian \
         mac_cyrillic maccyrillic mac_farsi mac_greek macgreek mac_iceland maciceland mac_latin2 maclatin2 \
         mac_centeuro maccentraleurope mac_romanian mac_turkish macturkish palmos ptcp154 cp154 pt154 csptcp154 \
         cyrillic_asian",
        Codec::BeyondAscii,
    ),
    (
        "cp037 037 ibm037 ibm039 csibm037 ebcdic_cp_ca ebcdic_cp_nl ebcdic_cp_us ebcdic_cp_wt cp1026 1026 ibm1026 \
         csibm1026 cp1140 1140 ibm1140 csibm1140 cp273 273 ibm273 csibm273 cp424 424 ibm424 csibm424 ebcdic_cp_he \
         cp500 500 ibm500 csibm500 ebcdic_cp_be ebcdic_cp_ch cp864 864 ibm864 csibm864 cp875 hz hzgb hz_gb \
         hz_gb_2312 iso2022_jp iso2022jp iso_2022_jp csiso2022jp iso2022_jp_1 iso2022jp_1 iso_2022_jp_1 \
         iso2022_jp_2 iso2022jp_2 iso_2022_jp_2 iso2022_jp_2004 iso2022jp_2004 iso_2022_jp_2004 iso2022_jp_3 \
         iso2022jp_3 iso_2022_jp_3 iso2022_jp_ext iso2022jp_ext iso_2022_jp_ext iso2022_kr iso2022kr iso_2022_kr \
         csiso2022kr shift_jis_2004 shiftjis2004 sjis_2004 s_jis_2004 shift_jisx0213 shiftjisx0213 sjisx0213 \
         s_jisx0213 utf_7 utf7 u7 unicode_1_1_utf_7 unicode_escape raw_unicode_escape idna punycode undefined",
        Codec::Unread,
    ),
    (
        "base64_codec base64 base_64 bz2_codec bz2 hex_codec hex quopri_codec quopri quotedprintable quoted_printable \
         rot_13 rot13 uu_codec uu zlib_codec zlib zip",
        Codec::NotText,
    ),
];

/// The text that `bytes` spell in `encoding`; no bytes are no text in any encoding.
///
/// # Errors
/// Python's words for bytes that spell none and for a name that is none, ours for what only Python can read.
///
/// v1: `bytes.decode(encoding)`. Parity: VAL-09, VAL-10.
pub fn decode(bytes: &[u8], encoding: &str) -> anyhow::Result<String> {
    if bytes.is_empty() {
        return Ok(String::new());
    }
    let Some(codec) = codec(encoding) else { anyhow::bail!("unknown encoding: {encoding}") };
    let text = match codec {
        Codec::Utf8 => codec::utf8(bytes),
        Codec::Utf8Signed => codec::utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)),
        Codec::Utf16(order) => codec::utf16(bytes, order),
        Codec::Utf32(order) => codec::utf32(bytes, order),
        Codec::Ascii => codec::ascii(bytes),
        Codec::BeyondAscii if bytes.is_ascii() => codec::ascii(bytes),
        Codec::Latin1 => Ok(bytes.iter().copied().map(char::from).collect()),
        Codec::Page(half) => codec::page(bytes, half),
        Codec::BeyondAscii | Codec::Unread => anyhow::bail!("the encoding {encoding} is not supported"),
        Codec::NotText => anyhow::bail!(
            "'{encoding}' is not a text encoding; use codecs.decode() to handle arbitrary codecs"
        ),
    };
    Ok(text?)
}

/// The encoding of this name.
pub(super) fn codec(name: &str) -> Option<Codec> {
    let name = normal(name);
    let has = |names: &str| names.split(' ').any(|known| known == name);
    let page = || PAGES.iter().find(|(names, _)| has(names)).map(|(_, half)| Codec::Page(half));
    NAMES.iter().find(|(names, _)| has(names)).map(|(_, codec)| *codec).or_else(page)
}

/// `name` in lower case with one `_` for all between its letters, digits and full stops.
///
/// v1: `encodings.normalize_encoding`. Parity: VAL-09.
fn normal(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.');
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_bytes_are_read_as_python_reads_them() {
        let rows: [(&str, &[u8], Result<&str, &str>); 16] = [
            ("klingon", b"", Ok("")),
            ("klingon", b"a", Err("unknown encoding: klingon")),
            (" -UTF--8 ", b"\xc3\xa9", Ok("é")),
            ("utf-8-sig", b"\xef\xbb\xbfa\xef\xbb\xbf", Ok("a\u{feff}")),
            ("utf-16", b"\xfe\xff\0a", Ok("a")),
            ("UTF-16LE", b"\xff\xfea\0", Ok("\u{feff}a")),
            ("utf_32_be", b"\0\x01\xf6\0", Ok("😀")),
            ("windows-1252", b"\x80\xe9", Ok("€é")),
            (
                "CP1252",
                b"a\x81",
                Err("'charmap' codec can't decode byte 0x81 in position 1: character maps to <undefined>"),
            ),
            ("ISO-8859-15", b"\x80\xa4", Ok("\u{80}€")),
            ("latin-9", b"a", Err("unknown encoding: latin-9")),
            ("KOI8-R", b"\xc1", Ok("а")),
            (
                "iso-8859-6",
                b"\xa1",
                Err("'charmap' codec can't decode byte 0xa1 in position 0: character maps to <undefined>"),
            ),
            ("Shift_JIS", b"arn:x\\~", Ok("arn:x\\~")),
            ("gb18030", b"\x81\x30", Err("the encoding gb18030 is not supported")),
            (
                "hex",
                b"61",
                Err("'hex' is not a text encoding; use codecs.decode() to handle arbitrary codecs"),
            ),
        ];
        for (encoding, bytes, expected) in rows {
            let text = decode(bytes, encoding).map_err(|error| error.to_string());
            assert_eq!(text, expected.map(str::to_owned).map_err(str::to_owned), "{encoding} {bytes:?}");
        }
    }

    #[test]
    fn names_and_pages_are_whole() {
        let names = || NAMES.iter().map(|(names, _)| *names).chain(PAGES.iter().map(|(names, _)| *names));
        let mut all: Vec<&str> = names().flat_map(|names| names.split(' ')).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "a name twice");
        for name in all {
            assert_eq!(normal(name), name);
        }
        for (names, half) in PAGES {
            assert!(matches!(half.chars().count(), 96 | 128), "{names}");
        }
    }
}
