//! Names of columns as some thirty systems write them, brought to one form, and
//! the role that each stands for. The names are those of the systems' own
//! exports; the order within a role is the order of preference.

use super::Role;

/// A column's name in the form in which names are compared: letters and digits
/// only (and `#`), full-width forms narrowed, lower-cased.
///
/// `Order ID`, `order_id`, `OrderId` and `ＯＲＤＥＲ　ＩＤ` are all `orderid`.
///
/// ```
/// use regulars::mapping::key;
/// assert_eq!(key("\u{feff}Order ID "), "orderid");
/// assert_eq!(key("商品总价(元)"), "商品总价元");
/// assert_eq!(key("Order #"), "order#");
/// ```
pub fn key(name: &str) -> String {
    name.chars()
        .map(narrow)
        .filter(|c| c.is_alphanumeric() || *c == '#')
        .flat_map(char::to_lowercase)
        .collect()
}

/// The ASCII form of a full-width character (Unicode's compatibility mapping of
/// U+FF01 to U+FF5E and U+3000).
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// The role that a name stands for and its rank within the role, 0 the best.
pub fn alias(key: &str) -> Option<(Role, usize)> {
    ALIASES.iter().find_map(|(role, names)| {
        names.split_ascii_whitespace().position(|n| n == key).map(|rank| (*role, rank))
    })
}

/// The role that parts of a name hint at, for names that no system is known to
/// use. Parts of up to three ASCII letters must be words of their own.
pub fn hint(name: &str) -> Option<Role> {
    let (key, words) = (key(name), words(name));
    let has = |part: &str| match part.is_ascii() && part.len() <= 3 {
        true => words.iter().any(|w| w == part),
        false => key.contains(part),
    };
    HINTS
        .iter()
        .find(|(_, all, none)| {
            all.iter().all(|any| any.split_ascii_whitespace().any(has))
                && !none.split_ascii_whitespace().any(has)
        })
        .map(|(role, _, _)| *role)
}

/// Whether a name, in the form in which names are compared, speaks of being
/// written to. What the cells say decides: a newsletter has issues, too.
pub fn is_consent(key: &str) -> bool {
    !key.contains("unsub") && CONSENT.split_ascii_whitespace().any(|n| key.contains(n))
}

/// Parts of the names of consent.
const CONSENT: &str = "optin consen newsletter subscribed acceptsmarketing \
     acceptsemailmarketing einwilligung publicidad toestemming zgoda 营销许可 同意营销 \
     是否订阅 接受营销 メルマガ 配信許可";

/// The words of a name, lower-cased: parted at anything but letters and digits,
/// and where a capital follows a small letter.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in name.chars().map(narrow) {
        let part = !c.is_alphanumeric() && c != '#' || small && c.is_uppercase();
        if part && words.last().is_some_and(|w| !w.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric() || c == '#') {
            word.extend(c.to_lowercase());
        }
        small = c.is_lowercase();
    }
    words
}

/// Whether a name says a customer, and not by which number or name.
pub fn is_name(key: &str) -> bool {
    const NAMES: &str = "customer client kunde cliente klant buyer customername accountname \
        买家 客户 交易对方 retailer retailername клиент покупатель kupujący klient müşteri \
        주문자명 구매자명 고객명 주문자 구매자";
    NAMES.split_ascii_whitespace().any(|name| name == key)
}

/// Whether a column holds names of people or addresses, which are never used as
/// a category.
pub fn is_personal(key: &str) -> bool {
    const PARTS: &str = "firstname lastname fullname surname street address zip postal \
        postcode plz city town birth recipient customername buyername shipname \
        billtoname shiptoname billingname shippingname contactname vorname nachname \
        姓名 收货人 收件人 地址 详细地址 邮编 郵便番号 住所 注文者姓 注文者名";
    key == "name" || PARTS.split_ascii_whitespace().any(|part| key.contains(part))
}

/// Aliases by role, in the form of [`key`], preferred ones first.
const ALIASES: &[(Role, &str)] = &[
    (
        Role::OrderId,
        "orderid ordernumber order# orderno ordernr ordernum amazonorderid orderreference \
         orderref ordername invoiceno invoicenumber invoiceid invoice# invoicenr invoice \
         salesordernumber salesorder salesid saleid receiptnumber receiptno receiptid \
         receipt basketid checkoutid purchaseid transactionid transactionno transactionnumber \
         txnid billno documentnumber order \
         订单编号 订单号 主订单编号 订单id 交易订单号 訂單編號 注文番号 受注番号 注文id 伝票番号 \
         bestellnummer bestellnr bestellung auftrag beleg belegnr auftragsnummer auftragsnr rechnungsnummer rechnungsnr \
         belegnummer numérodecommande numerodecommande ndecommande numérocommande \
         référencecommande commande númerodepedido numerodepedido pedido idpedido nºpedido \
         numeroordine idordine ordernummer bestelnummer numerodopedido númerodopedido nºdopedido \
         pedidoid ordine nordine 交易单号 微信支付单号 交易號 \
         verkbeleg verkaufsbeleg vertriebsbeleg fakturanummer transaction 주문번호 주문id \
         номерзаказа заказ заказа idзаказа numerzamówienia nrzamówienia idzamówienia オーダーid siparişno siparişnumarası",
    ),
    (
        Role::CustomerId,
        "customeruniqueid customerid customerno customernumber customernr customer# \
         customercode customerkey custid custno clientid memberid membernumber loyaltyid \
         householdkey userid shopperid buyeruserid buyerid buyerusername accountid \
         accountnumber contactid masterid clientnum custnum 买家会员名 下单帐号 下单账号 买家昵称 买家id 会员id 会员名 \
         会员号 会员编号 用户id 客户id 客户编号 顾客编号 顾客id 買家帳號 会員番号 会員id 顧客番号 顧客id \
         kundennummer kundennr kundenid numéroclient numeroclient codeclient idclient \
         idcliente codigocliente códigocliente clienteid numerocliente klantnummer buyer \
         loyaltycard loyaltycardnumber auftgeber auftraggeber debitor debitorennummer \
         주문자id 구매자id 회원id 회원번호 고객번호 고객id idклиента кодклиента номерклиента \
         loginkupującego idklienta loyaltycardno loyaltynumber clubcard membercard kundenkarte \
         kundenkartennummer cartedefidélité 会员卡号 交易对方 retailername retailer \
         username customer client kunde cliente klant 买家 客户 customername accountname \
         주문자명 구매자명 고객명 주문자 구매자 клиент покупатель контрагент kupujący klient müşteri",
    ),
    (
        Role::Email,
        "email customeremail emailbilling billingemail billingemailaddress emailaddress \
         customeraccountemailaddress fromemailaddress buyeremail contactemail useremail \
         clientemail mail emailid 邮箱 电子邮箱 邮箱地址 メールアドレス 注文者メールアドレス \
         emailadresse kundenemail adresseemail courriel correoelectrónico correo \
         이메일 주문자이메일 구매자이메일 eposta",
    ),
    (
        Role::Phone,
        "phone customerphone phonebilling billingphone phone# phonenumber mobile \
         mobilephone mobilenumber telephone buyerphonenumber contactphone 联系手机 \
         收货人手机号提货人手机号 收货人手机号 收货人手机 收件人手机号 收件人手机 手机号 手机号码 手机 买家手机 \
         联系电话 電話番号 注文者電話番号 telefon telefonnummer téléphone telephonenumber \
         teléfono telefono shippingphone phoneshipping shiptophone \
         휴대폰번호 전화번호 연락처 주문자휴대전화 구매자연락처 телефон",
    ),
    (
        Role::OrderDate,
        "orderdate orderdatetime ordertimestamp orderpurchasetimestamp dateordered orderedat \
         orderplacedat orderplaced placedat orderday ordercreatedat createdat purchasedate \
         purchasedat dateofpurchase createdutc createddateutc datecreated createdtime \
         saledate salesdate receiptdate invoicedate transactiondate transactiondt transactiontimestamp \
         txndate datetime timestamp date orderon 订单创建时间 下单时间 订单提交时间 用户下单时间 \
         订单成交时间 创建时间 下单日期 订单日期 成交时间 成交日期 交易时间 交易日期 购买时间 购买日期 \
         订单付款时间 买家付款时间 付款确认时间 付款时间 支付时间 日期 時間 时间 注文日時 受注日時 注文日 受注日 \
         購入日 購入日時 売上日 日付 bestelldatum bestelltam auftragsdatum kaufdatum \
         rechnungsdatum datum datedecommande datecommande datedachat dateachat fecha \
         fechadepedido fechapedido fechadecompra fechacompra data dataordine datadoordine \
         datadopedido besteldatum paidat datepaid paiddate paymentdate paidtime paymentsdate \
         completeddate closedate createddate createdate day erfdatum belegdatum \
         fakturadatum buchungsdatum 주문일시 주문일 주문일자 결제일시 결제일 구매일 날짜 訂單成立日期 \
         датазаказа датапокупки датаоплаты дата sipariştarihi tarih datazłożenia datazamówienia datazakupu",
    ),
    (
        Role::OrderTime,
        "time ordertime receipttime invoicetime transtime transactiontime purchasetime saletime timeofday \
         uhrzeit zeit heure hora 注文時間 下单时刻",
    ),
    (
        Role::AdjustedAmount,
        "adjustedordertotal adjustedtotal totalafterrefunds netafterrefunds",
    ),
    (
        Role::Amount,
        "ordertotal total totalprice ordertotalamount ordertotalinctax grandtotalbase \
         grandtotal ordervalue orderamount totalamount amountpaid totalpaid paidamount \
         orderprice netsales netrevenue nrevenueformatted nrevenue totalcollected \
         convertedamount linetotal itemtotal lineamount orderlinetotal amount gross \
         grosssales totalsales netamount grossamount transactionamount purchaseamount \
         invoiceamount invoicetotal revenue sales salesvalue salesamount paymentvalue \
         paymentamount soldfor dollarvalue dollars spend spent value turnover subtotal \
         itemsubtotal 买家实际支付金额 订单实付金额 实付金额 实付款 实付款元 实付金额元 实付总额 \
         客户实际支付金额 商家实收金额元 用户实付金额元 实际支付金额 支付金额 付款金额 成交金额 成交总额 \
         订单应付金额 应付金额 订单金额 订单总金额 订单总额 总金额 销售额 销售金额 金额 总价 合計金額 請求金額 \
         注文金額 購入金額 売上金額 売上 総額 金額 合計 gesamtbetrag gesamtsumme bestellwert \
         bestellsumme rechnungsbetrag endbetrag betrag summe umsatz gesamtpreis montanttotal \
         montant totalttc totalcommande importetotal importe monto totalpedido importo \
         totale valor valortotal bedrag nettowert nettoumsatz 총결제금액 실결제금액 결제금액 \
         총주문금액 주문금액 상품별총주문금액 금액 買家總支付金額 訂單總金額 суммазаказа стоимостьзаказа сумма итого \
         wartośćzamówienia kwota wartość tutar toplam",
    ),
    (
        Role::Quantity,
        "lineitemquantity quantity qty quantitypurchased orderedquantity orderquantity \
         itemquantity productquantity units unitssold numberofunits pieces numberofcds cds \
         numberofitems itemssold totalquantity 购买数量 订购数量 商品数量件 商品数量 宝贝总数量 数量 \
         件数 个数 個数 数量個 menge anzahl stück stückzahl quantité qté quantite cantidad \
         unidades quantità quantidade aantal verkaufteartikel 수량 주문수량 數量 количество \
         колво ilość",
    ),
    (
        Role::UnitPrice,
        "lineitemprice unitprice priceperunit price itemprice itemcost sellingprice \
         saleprice productprice priceeach skuunitoriginalprice 单价 単価 价格 京东价 商品单价 \
         商品价格 销售单价 einzelpreis stückpreis preis prixunitaire prix preciounitario \
         precio prezzo prezzounitario preço preçounitário prijs 판매가 단가 상품가격 цена cena \
         cenajednostkowa",
    ),
    (
        Role::Product,
        "lineitemname productname productname#1 itemname producttitle itemtitle articlename description \
         productdescription itemdescription product item article products title 宝贝标题 \
         商品标题 商品名称 选购商品 商品名 全部商品名称 标题 产品名称 产品 商品 品名 artikelname \
         artikelbezeichnung bezeichnung artikel produkt produktname produit désignation \
         producto artículo articulo prodotto produto produkte 상품명 товар \
         наименование наименованиетовара nazwaproduktu 商品名稱 stockcode lineitemsku sku productid \
         productcode itemid itemcode itemnumber asin articleid articlenumber artikelnummer \
         商品id 商品编码 商家编码 商品编号 商品番号 商品管理番号 货号",
    ),
    (
        Role::Category,
        "category productcategory productcategoryname itemcategory categoryname department \
         departmentname producttype productsubclass 类目 品类 商品分类 商品类目 カテゴリ カテゴリー \
         kategorie warengruppe catégorie categorie categoría categoria",
    ),
    (
        Role::Refund,
        "refundedamount amountrefunded convertedamountrefunded totalrefunded refundamount \
         refunded orderrefundamount orderlinetotalrefunded refundtotal refundvalue refund refunds 退款金额 \
         退款总额 实际退款金额 返金額 返金金額 erstattung erstattungsbetrag rückerstattung \
         montantremboursé remboursement reembolso importereembolsado 환불금액 суммавозврата",
    ),
    (
        Role::Status,
        "financialstatus orderstatus paymentstatus status transactionstatus dealstage \
         cancelledat canceledat cancelledon cancellationdate cancelled canceled iscancelled \
         iscanceled voided itemstatus istest testorder test 订单状态 交易状态 售后状态 退款状态 \
         付款状态 支付状态 ステータス 注文状況 受注ステータス 注文ステータス bestellstatus auftragsstatus \
         statut statutcommande statutdelacommande estado estadopedido estadodelpedido \
         estadodopedido statusdopedido situação situacao statoordine statodellordine stato \
         当前状态 訂單狀態 zahlungsstatus zahlstatus zahlungsstand état etat étatdelacommande \
         statutdepaiement betaalstatus 주문상태 주문처리상태 클레임상태 결제상태 durum статус статусзаказа статусоплаты",
    ),
    (
        Role::Currency,
        "convertedcurrency currency ordercurrency currencycode ordercurrencycode 币种 货币 \
         通貨 währung waehrung devise moneda valuta moeda währg валюта waluta 幣別",
    ),
    (
        Role::Referrer,
        "referredby referredbyid referrerid referrername referralcode invitedby inviterid \
         推荐人 推荐人id 邀请人 邀请码 紹介者 紹介コード geworbenvon parrain recomendadopor",
    ),
    (
        Role::Channel,
        "saleschannel channel orderchannel source ordersource sourcename attribution \
         utmsource trafficsource marketplace purchasepoint platform 订单来源 订单渠道 来源 渠道 \
         流量渠道 流量来源 販売経路 kanal vertriebskanal canal",
    ),
    (
        Role::Country,
        "country billingcountry shippingcountry shipcountry shiptocountry buyercountry \
         countrycodebilling countrycode billingcountrycode shippingcountrycode \
         customercountry countryname countryregion 国家 国家地区 省份 省 land pays país pais \
         paese customerstate shipstate state province billingprovince region 都道府県",
    ),
    (
        Role::Discount,
        "discountcode couponcode couponused couponscode couponsused coupons coupon \
         promocode vouchercode voucher promotionids gutscheincode gutschein codepromo \
         cupón 优惠券 优惠码 クーポン",
    ),
    (
        Role::Cost,
        "cost unitcost costprice productcost cogs costofgoods costperitem 成本 成本价 原価 \
         einkaufspreis ek wareneinsatz coût costo",
    ),
    (
        Role::Reason,
        "refundreason returnreason cancelreason cancellationreason cancelationreturntype \
         取消原因 订单关闭原因 退款原因",
    ),
    (
        Role::Fraud,
        "fraud isfraud fraudulent fraudflag flaggedfraud fraudstatus confirmedfraud \
         chargeback ischargeback chargebackflag abuse abuseflag betrug 欺诈 是否欺诈",
    ),
    (
        Role::Label,
        "churn churned ischurn ischurned haschurned churnvalue churnlabel churnflag \
         churnstatus churnyn churnind exited hasexited attrition attritionflag attrited \
         customerstatus accountstatus hascancelled hascanceled hasleft leftcompany \
         unsubscribed 流失 是否流失 流失标志",
    ),
];

/// Hints: the role, parts of which one of each group must occur, parts of which
/// none may.
const HINTS: &[(Role, &[&str], &str)] = &[
    (Role::Email, &["email 邮箱 メール correo"], "consent suppress status marketing"),
    (
        Role::Refund,
        &[
            "refund 退款 返金 erstattung rembours",
            "amount total value 金额 額 betrag montant",
        ],
        "reason status date id number 时间",
    ),
    (
        Role::Status,
        &["status 状态 状況 ステータス"],
        "fulfil shipping lead address dispute avs cvc 快递 物流 delivery",
    ),
    (Role::Currency, &["currency 币种 通貨 währung"], "rate amount"),
    (
        Role::OrderDate,
        &[
            "order purchase sale invoice transaction bestell rechnung kauf achat pedido 订单 下单 \
             成交 注文 購入 created buy",
            "date time day datum stamp fecha 时间 日期 日時 日",
        ],
        "ship deliver due cancel expir return refund update modified last number id first \
         发货 收货 完成 delivery since limit estimated approved birth",
    ),
    (
        Role::CustomerId,
        &[
            "customer client buyer member user shopper kunde cust household guest patient donor \
             会员 客户 买家 用户 顾客 顧客 会員 klant cliente",
            "id no num code key nr # 编号 番号 number",
        ],
        "name city state zip country type group since email phone address note comment",
    ),
    (
        Role::OrderId,
        &[
            "order invoice receipt basket transaction bestell rechnung commande pedido 订单 注文",
            "id no num code key nr # 编号 号 番号 number",
        ],
        "item line product date time status phone customer country note amount total count \
         名 数量 金额",
    ),
    (
        Role::Quantity,
        &["quantity qty anzahl menge quantit cantidad 数量 个数 個数 件数 units"],
        "return refund price cost",
    ),
    (
        Role::UnitPrice,
        &["price preis prix precio 单价 単価 价格 prezzo"],
        "total compare ship tax list original 总 discount",
    ),
    (
        Role::Amount,
        &[
            "total amount revenue sales value spend spent paid betrag umsatz summe montant \
             importe monto 金额 金額 总额 总价 実付 实付 应付 销售 売上 合計 price gmv",
        ],
        "ship tax vat fee discount refund tip freight duty handling deposit balance date time \
         status id count number quantity items 运费 邮费 优惠 税 件 数量 时间 cost method type tier",
    ),
    (
        Role::Product,
        &["product item article sku artikel produit producto 商品 产品 宝贝"],
        "count number quantity price total amount type status weight date tax 数量 金额",
    ),
    (Role::Category, &["categor kategorie 类目 分类 カテゴリ"], "id count"),
    (
        Role::Phone,
        &["phone mobile telefon 手机 电话 電話"],
        "service type verified count lines multiple model",
    ),
    (Role::Country, &["country 国家"], "count"),
    (
        Role::Label,
        &["churn attrition attrited 流失"],
        "score reason category prob risk date day month rate predicted naive number id",
    ),
    (Role::Channel, &["channel 渠道"], "count id"),
    (Role::Discount, &["coupon promocode voucher"], "amount total value detail disc"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alias_is_written_in_the_form_in_which_names_are_compared() {
        let mut seen = std::collections::BTreeMap::new();
        for (role, names) in ALIASES {
            for name in names.split_ascii_whitespace() {
                assert_eq!(key(name), name, "{role:?}");
                assert_eq!(seen.insert(name, role), None, "{name} has two roles");
            }
        }
    }

    #[test]
    fn names_of_unknown_systems_hint_at_their_role() {
        let hints: Vec<Option<Role>> = [
            "Order placed on date",
            "Cust. No.",
            "Basket number",
            "Total paid (EUR)",
            "Contact e-mail",
            "Shipping amount",
            "Date of birth",
            "Gift wrapped",
        ]
        .map(hint)
        .to_vec();
        assert_eq!(
            hints,
            [
                Some(Role::OrderDate),
                Some(Role::CustomerId),
                Some(Role::OrderId),
                Some(Role::Amount),
                Some(Role::Email),
                None,
                None,
                None
            ]
        );
        assert!(is_personal(&key("Billing Street")) && !is_personal(&key("Country")));
    }
}
