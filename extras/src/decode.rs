//! Text in any encoding of the web's standard as UTF-8, in pieces.

use encoding_rs::{Decoder, DecoderResult, Encoding};

use crate::Failure;

/// Decodes a text piece by piece; a piece may end inside a character.
pub struct Decode {
    decoder: Decoder,
    malformed: u64,
}

impl Decode {
    /// A decoder for an encoding by one of its names, such as `gb2312` or `latin1`.
    ///
    /// # Errors
    /// `unknown-encoding` { encoding }.
    pub fn new(label: &str) -> Result<Decode, Failure> {
        let unknown = || Failure {
            code: "unknown-encoding",
            param: ("encoding", label.to_owned()),
        };
        let encoding = Encoding::for_label_no_replacement(label.as_bytes());
        // GBK is a part of GB18030, which has a character for every sequence of it.
        let decoder = encoding.ok_or_else(unknown)?.new_decoder_with_bom_removal();
        Ok(Decode { decoder, malformed: 0 })
    }

    /// The encoding's name in lower case.
    pub fn name(&self) -> String {
        self.decoder.encoding().name().to_ascii_lowercase()
    }

    /// How many sequences of bytes were no character and became U+FFFD.
    pub fn malformed(&self) -> u64 {
        self.malformed
    }

    /// The next bytes as UTF-8; `last` with the end of the text.
    pub fn push(&mut self, mut bytes: &[u8], last: bool) -> Vec<u8> {
        let most = self.decoder.max_utf8_buffer_length(bytes.len());
        let mut text = Vec::with_capacity(most.unwrap_or(bytes.len()));
        let mut room = vec![0; (bytes.len() * 2).clamp(64, 1 << 20)];
        loop {
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(bytes, &mut room, last);
            text.extend_from_slice(&room[..written]);
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return text,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    self.malformed += 1;
                    text.extend_from_slice("\u{FFFD}".as_bytes());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(label: &str, bytes: &[u8], piece: usize) -> (String, u64) {
        let mut decode = Decode::new(label).unwrap();
        let mut text = Vec::new();
        for piece in bytes.chunks(piece) {
            text.extend(decode.push(piece, false));
        }
        text.extend(decode.push(b"", true));
        (String::from_utf8(text).unwrap(), decode.malformed())
    }

    #[test]
    fn pieces_may_end_inside_a_character() {
        for (label, text) in [
            ("gb18030", "订单编号,㐀𠮷\n"),
            ("big5", "訂單編號,總金額\n"),
            ("shift_jis", "注文番号,ｶﾅ,表\n"),
            ("euc-kr", "주문번호\n"),
            ("windows-1252", "Käufer € ’\n"),
            ("windows-1251", "Покупатель\n"),
        ] {
            let (bytes, _, lost) =
                Encoding::for_label(label.as_bytes()).unwrap().encode(text);
            assert!(!lost, "{label}");
            for piece in [1, 2, 3, 1000] {
                assert_eq!(
                    decoded(label, &bytes, piece),
                    (text.to_owned(), 0),
                    "{label}"
                );
            }
        }
    }

    #[test]
    fn utf_16_with_and_without_its_mark() {
        let text = "a,日本,𠮷\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for piece in [1, 3, 1000] {
            assert_eq!(decoded("utf-16le", &little, piece).0, text);
            assert_eq!(decoded("utf-16be", &big, piece).0, text);
            let marked = [b"\xFF\xFE".as_slice(), &little].concat();
            assert_eq!(decoded("utf-16le", &marked, piece).0, text);
        }
    }

    #[test]
    fn what_is_no_character_is_counted() {
        assert_eq!(decoded("gbk", b"a\xFF,b\n", 1), ("a\u{FFFD},b\n".to_owned(), 1));
        assert_eq!(decoded("gbk", b"a,\xB6", 1), ("a,\u{FFFD}".to_owned(), 1));
        assert_eq!(Decode::new("klingon").err().unwrap().code, "unknown-encoding");
        assert_eq!(Decode::new("GB2312").unwrap().name(), "gbk");
    }
}
