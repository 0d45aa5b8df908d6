//! Which encoding a text is in, from its bytes.
//!
//! The guess is chardetng's (made for Firefox, on frequencies of characters); a
//! text that is UTF-8 but for a few broken characters is recognised before it.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

/// Bytes between two looks at whether enough was seen.
const BLOCK: usize = 1 << 16;
/// Enough: so many bytes beyond ASCII.
const ENOUGH: u64 = 1 << 18;
/// UTF-8 where so many characters are whole for each broken one.
const WHOLE: u64 = 20;

/// Looks at a text from its first byte until it has seen enough. How the text is
/// cut into pieces changes nothing.
pub struct Detect {
    guess: EncodingDetector,
    block: Vec<u8>,
    beyond_ascii: u64,
    whole: u64,
    broken: u64,
}

impl Default for Detect {
    fn default() -> Detect {
        Detect {
            guess: EncodingDetector::new(Iso2022JpDetection::Deny),
            block: Vec::new(),
            beyond_ascii: 0,
            whole: 0,
            broken: 0,
        }
    }
}

impl Detect {
    /// Takes the next bytes; true when it needs no more of them.
    pub fn push(&mut self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() && !self.is_sure() {
            let room = BLOCK - self.block.len();
            let (now, rest) = bytes.split_at(room.min(bytes.len()));
            self.block.extend_from_slice(now);
            bytes = rest;
            if self.block.len() == BLOCK {
                self.look(false);
            }
        }
        self.is_sure()
    }

    /// The encoding's name in lower case, such as `gbk` or `windows-1252`.
    pub fn finish(mut self) -> String {
        self.look(true);
        if self.whole >= WHOLE * self.broken && self.whole > 0 {
            return "utf-8".to_owned();
        }
        self.guess.guess(None, Utf8Detection::Deny).name().to_ascii_lowercase()
    }

    fn is_sure(&self) -> bool {
        self.beyond_ascii >= ENOUGH
    }

    fn look(&mut self, last: bool) {
        let block = std::mem::take(&mut self.block);
        self.beyond_ascii += block.iter().filter(|b| !b.is_ascii()).count() as u64;
        self.guess.feed(&block, last);
        // The end of a character that the last block began.
        let start = block.iter().take(3).take_while(|b| **b & 0xC0 == 0x80).count();
        for chunk in block[start..].utf8_chunks() {
            self.whole += chunk.valid().bytes().filter(|b| *b >= 0xC0).count() as u64;
            let broken = chunk.invalid();
            let is_cut = broken.as_ptr_range().end == block.as_ptr_range().end;
            self.broken += u64::from(!broken.is_empty() && !is_cut);
        }
        self.block = block;
        self.block.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::Encoding;

    fn of(bytes: &[u8], piece: usize) -> String {
        let mut detect = Detect::default();
        for piece in bytes.chunks(piece) {
            detect.push(piece);
        }
        detect.finish()
    }

    #[test]
    fn encodings_are_told_by_their_characters() {
        for (label, text) in [
            (
                "gbk",
                "订单编号,总金额,买家实际支付金额,收货地址\n1,178.8,0,上海\n2,21,21,内蒙古自治区\n",
            ),
            (
                "big5",
                "訂單編號,總金額,買家,收貨地址\n1,178.8,王小明,臺北市\n2,21,陳美麗,高雄市\n",
            ),
            (
                "shift_jis",
                "注文番号,注文日時,合計金額,注文者姓\n1,2024-03-05,1200,佐藤\n2,2024-03-06,800,鈴木\n",
            ),
            (
                "euc-kr",
                "주문번호,주문일시,결제금액,주문자명\n1,2024-03-05,12000,김민수\n2,2024-03-06,8000,이영희\n",
            ),
            (
                "windows-1251",
                "Номер заказа,Дата,Сумма,Покупатель\n1,05.03.2024,1200,Иванов\n2,06.03.2024,800,Петрова\n",
            ),
            (
                "windows-1252",
                "Bestellnummer;Käufer;Betrag\n1;Müller;12,50\n2;Grüße aus Köln;8,00\n",
            ),
        ] {
            let (bytes, _, lost) =
                Encoding::for_label(label.as_bytes()).unwrap().encode(text);
            assert!(!lost, "{label}");
            assert_eq!(of(&bytes, usize::MAX), label);
            assert_eq!(of(&bytes, 1), label);
        }
    }

    #[test]
    fn a_broken_character_does_not_make_another_encoding_of_utf_8() {
        let mut bytes = "Käufer,Müller,Köln\n".repeat(40).into_bytes();
        bytes.extend(b"\xFF,x\n");
        assert_eq!(of(&bytes, usize::MAX), "utf-8");
        assert_eq!(of(&bytes[..bytes.len() - 5], 7), "utf-8");
    }

    #[test]
    fn a_long_text_is_not_read_to_its_end() {
        let mut detect = Detect::default();
        let (bytes, ..) = encoding_rs::GBK.encode("订单编号,总金额\n");
        let calls = (0..100_000).take_while(|_| !detect.push(&bytes)).count();
        assert!(calls < 30_000, "{calls}");
        assert_eq!(detect.finish(), "gbk");
    }
}
