//! What a status says: an order, or why it is none. The words are those that
//! shop systems, payment services and market places write.

use serde::Serialize;

use super::LoadSettings;
use crate::mapping::key;

/// What a status cell says, the weightier later: of several status columns the
/// weightiest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[repr(u8)]
pub enum Class {
    /// Nothing is written.
    Blank,
    /// A word that is not known; it counts as an order.
    Unknown,
    /// An order.
    Sale,
    /// A row that gives money back, whatever its sign.
    Refund,
    /// It waits for its payment.
    Unpaid,
    /// The money was given back, though the amount stays.
    Refunded,
    /// No sale at all: a payout, a hold, a fee, a draft.
    Other,
    /// The payment failed.
    Failed,
    /// Cancelled, voided or closed.
    Cancelled,
    /// A test.
    Test,
}

impl Class {
    /// All classes, the lightest first.
    pub const ALL: [Class; 10] = [
        Class::Blank,
        Class::Unknown,
        Class::Sale,
        Class::Refund,
        Class::Unpaid,
        Class::Refunded,
        Class::Other,
        Class::Failed,
        Class::Cancelled,
        Class::Test,
    ];

    /// The reason for which a row of this class is set aside, unless the
    /// settings keep it.
    pub fn reason(self, settings: &LoadSettings) -> Option<&'static str> {
        match self {
            Class::Unpaid if settings.leave_out_unpaid => Some("unpaid"),
            Class::Refunded if settings.leave_out_refunded => Some("refunded"),
            Class::Other if settings.leave_out_other => Some("not-a-sale"),
            Class::Failed if settings.leave_out_failed => Some("failed"),
            Class::Cancelled if settings.leave_out_cancelled => Some("cancelled"),
            Class::Test if settings.leave_out_test => Some("test"),
            _ => None,
        }
    }
}

/// How a status column is to be read, from its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Words.
    Words,
    /// Words for the state of an order beside its payment: open is an order.
    Order,
    /// The numbers of 楽天: 800 and 900 are cancelled, 500 and above paid.
    Rakuten,
    /// The stages of a sales pipeline: only what is won is an order.
    Deals,
    /// A day of cancelling: whatever is written, it is cancelled.
    CancelledAt,
    /// A day of payment: where nothing is written, it is not paid.
    PaidAt,
    /// Yes or no: cancelled.
    IsCancelled,
    /// Yes or no: the money was given back.
    IsRefunded,
    /// Yes or no: a test.
    IsTest,
}

impl Style {
    /// The style of the column of this name.
    pub fn of(name: &str) -> Style {
        match key(name).as_str() {
            "cancelledat" | "canceledat" | "cancelledon" | "cancellationdate"
            | "voidedat" | "取消时间" | "キャンセル日" => Style::CancelledAt,
            "paidat" | "datepaid" | "paiddate" | "订单付款时间" | "买家付款时间"
            | "付款时间" | "支付时间" | "付款确认时间" => Style::PaidAt,
            "cancelled" | "canceled" | "iscancelled" | "iscanceled" | "voided" => {
                Style::IsCancelled
            }
            "refunded" | "isrefunded" => Style::IsRefunded,
            "test" | "istest" | "testorder" => Style::IsTest,
            "ステータス" => Style::Rakuten,
            "dealstage" => Style::Deals,
            key if key.contains("stat") && holds(key, "bestell auftrag order") => {
                Style::Order
            }
            _ => Style::Words,
        }
    }

    /// Whether a column of this name says what became of the payment.
    pub fn is_payment(name: &str) -> bool {
        holds(
            &key(name),
            "zahl betaal payment financial paiement pago 付款 支付 결제 оплат",
        )
    }

    /// What a text says in a column of this style. Unknown words are
    /// [`Class::Unknown`]; blank text is [`Class::Blank`].
    pub fn class(self, text: &str) -> Class {
        let key = key(text);
        if key.is_empty() {
            return Class::Blank;
        }
        let yes = !matches!(
            key.as_str(),
            "0" | "false" | "no" | "n" | "nein" | "non" | "none" | "null" | "否"
        );
        match self {
            Style::CancelledAt => Class::Cancelled,
            Style::PaidAt => Class::Sale,
            Style::IsCancelled if yes => word(&key).max(Class::Cancelled),
            Style::IsTest if yes => Class::Test,
            Style::IsRefunded if yes => Class::Refunded,
            Style::IsCancelled | Style::IsTest | Style::IsRefunded => Class::Sale,
            Style::Deals if key.contains("won") => Class::Sale,
            Style::Deals if key.contains("lost") => Class::Cancelled,
            Style::Deals => Class::Unpaid,
            Style::Rakuten => match key.parse::<u32>() {
                Ok(800..) => Class::Cancelled,
                Ok(_) => Class::Sale,
                Err(_) => word(&key),
            },
            Style::Order if matches!(key.as_str(), "offen" | "openstaand" | "open") => {
                Class::Sale
            }
            Style::Words | Style::Order => word(&key),
        }
    }
}

fn holds(key: &str, parts: &str) -> bool {
    parts.split_ascii_whitespace().any(|part| key.contains(part))
}

/// What a word in the form of [`key`] says.
fn word(key: &str) -> Class {
    // `wc-completed`, as WooCommerce keeps its states.
    let key = key.strip_prefix("wc").unwrap_or(key);
    for (class, words) in WORDS {
        if words.split_ascii_whitespace().any(|w| w == key) {
            return *class;
        }
    }
    for (class, parts) in PARTS {
        if holds(key, parts) {
            return *class;
        }
    }
    Class::Unknown
}

/// Whole words, which decide before the parts below.
const WORDS: &[(Class, &str)] = &[
    (
        Class::Sale,
        "paid completed complete fulfilled shipped delivered processing success succeeded \
         successful active approved closed partiallyrefunded partiallypaid partialrefund \
         settled captured sale payment charge order live won credit normal new ok done \
         accepted confirmed invoiced received dispatched posted finished processed sold \
         bezahlt abgeschlossen versendet erledigt geliefert payée payé terminée terminé \
         expédiée expédié livrée livré pagado completado enviado entregado pagato completato spedito evaso consegnato \
         pagoaceptado pago paga aprovado concluído concluido pagamentoaprovado faturado enviada \
         betaald voltooid afgerond verzonden geleverd verwerkt komplettbezahlt \
         komplettabgeschlossen komplettausgeliefert vollständigbezahlt inbearbeitung freigegeben \
         neu kommissioniert debit \
         交易成功 已完成 已发货 已签收 已收货 待发货 待收货 已付款 支付成功 无售后 \
         无售后或售后取消 完成 交易完成 等待卖家发货 卖家已发货等待买家确认 买家已付款等待卖家发货 \
         処理済 発送済 完了 入金済 支払手続き済 \
         결제완료 배송중 배송완료 배송준비중 상품준비중 발송완료 구매확정 완료 \
         выполнен оплачен доставлен завершен завершён отправлен новый вобработке принят \
         inbehandeling entregue 発送済み 配送済み teslimedildi tamamlandı kargoyaverildi \
         wysłane wysłano nowe opłacone zrealizowane dostarczone paiementaccepté",
    ),
    (
        Class::Refund,
        "refund return returns retoure gutschrift remboursement reembolso 退款 返金",
    ),
    (Class::Test, "test testmode sandbox 测试"),
    (
        Class::Other,
        "draft checkoutdraft memo payout payouts transfer fee fees stripefee adjustment \
         withdrawal hold autodraft networkcost platformearning topup entwurf brouillon borrador",
    ),
    (
        Class::Unpaid,
        "pending unpaid awaiting authorized authorised expired pastdue \
         requirescapture uncaptured notpaid invoiceopen offen ausstehend unbezahlt \
         pendiente inattesa enattente gemahnt angemahnt openstaand nietbetaald aguardandopagamento pendente 待付款 未付款 待支付 未支付 等待付款 未入金 入金待ち \
         입금대기 결제대기 입금전 미입금 неоплачен nieopłacone",
    ),
    (
        Class::Cancelled,
        "void voided trash trashed deleted abandoned rejected closedlost lost storno stornato anulado anulada cancelado cancelada geannuleerd \
         交易关闭 已关闭 关闭 已取消 取消 無効 不成立",
    ),
];

/// Parts of words, in the order in which they decide.
const PARTS: &[(Class, &str)] = &[
    (Class::Unpaid, "onhold"),
    (
        Class::Other,
        "withdrawal conversion authorization hold transfer carddeposit bankdeposit payout \
         generalcurrency accountcorrection",
    ),
    (
        Class::Sale,
        "partiallyrefund partialrefund partlyrefund partiallypaid notrefunded norefund \
         部分退款 teilweise",
    ),
    (
        Class::Cancelled,
        "cancel voided stornier annul abgebrochen 交易关闭 取消 キャンセル 취소 отмен anulow ptaledil",
    ),
    (
        Class::Failed,
        "fail declin denied blocked fehlgeschlagen échou refusé rechazad uncollectible \
         incomplete requirespayment chargedback fraud 失败",
    ),
    (
        Class::Unpaid,
        "unpaid awaitingpayment pendingpayment paymentpending waitingforpayment \
         enattente pendientedepago 等待买家付款 待付款 未付款 入金待ち ожидаетоплат oczekujenapłat",
    ),
    (Class::Refund, "paymentrefund refundpayment paymentreversal chargeback"),
    (
        Class::Refunded,
        "refunded fullyrefunded returned reversed rückerstattet erstattet rembours \
         reembolsad rimborsat 退款成功 已退款 全额退款 返金済 환불 반품 возвра zwróc zwrot iadeedil",
    ),
    (Class::Test, "testorder testpayment"),
    (Class::Sale, "payment purchase"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_written_in_the_form_in_which_they_are_compared() {
        for (_, words) in WORDS.iter().chain(PARTS) {
            for w in words.split_ascii_whitespace() {
                assert_eq!(key(w), w);
            }
        }
    }

    #[test]
    fn the_words_of_the_systems_are_understood() {
        let cases = [
            ("paid", Class::Sale),
            ("Partially_refunded", Class::Sale),
            ("refunded", Class::Refunded),
            ("Payment Refund", Class::Refund),
            ("voided", Class::Cancelled),
            ("Canceled by buyer", Class::Cancelled),
            ("wc-on-hold", Class::Unpaid),
            ("pending payment", Class::Unpaid),
            ("交易关闭", Class::Cancelled),
            ("卖家已发货,等待买家确认", Class::Sale),
            ("等待买家付款", Class::Unpaid),
            ("退款成功", Class::Refunded),
            ("General Withdrawal - Bank Account", Class::Other),
            ("Express Checkout Payment", Class::Sale),
            ("", Class::Blank),
        ];
        for (text, class) in cases {
            assert_eq!(Style::Words.class(text), class, "{text}");
        }
        assert_eq!(Style::Rakuten.class("900"), Class::Cancelled);
        assert_eq!(Style::Rakuten.class("700"), Class::Sale);
        assert_eq!(Style::of("Cancelled at").class("2024-01-01"), Class::Cancelled);
        assert_eq!(Style::of("Cancelled").class("no"), Class::Sale);
        assert_eq!(Style::of("Deal Stage").class("Closed won"), Class::Sale);
    }
}
