//! What reading must be able to do, part by part, and the fixture that shows it:
//! a demand without one fails.

use std::path::Path;

/// Demands by folder of their fixtures; the tests beside this one read each pair.
const DEMANDS: &[(&str, &[(&str, &str)])] = &[
    (
        "csv",
        &[
            ("byte order mark", "bom_crlf bom_only"),
            ("UTF-16 with a mark", "utf16le utf16be"),
            ("UTF-16 without a mark", "utf16le_no_bom utf16be_no_bom"),
            ("GB18030", "gb18030"),
            ("GBK", "gbk zipped_gbk"),
            ("Big5", "big5"),
            ("Shift_JIS", "shift_jis"),
            ("Windows-1252", "windows_1252"),
            ("Latin-1", "latin1"),
            ("EUC-KR", "euc_kr"),
            ("Windows-1251", "windows_1251"),
            ("broken UTF-8", "utf8_broken"),
            ("comma", "comma comma_blank"),
            ("semicolon", "semicolon_decimal_comma"),
            ("TAB", "tab"),
            ("pipe", "pipe"),
            ("runs of blanks", "blanks_aligned"),
            ("a declared delimiter", "sep_line"),
            ("quote styles", "all_quoted single_quotes apostrophes backslash"),
            ("preamble lines", "preamble preamble_delimited"),
            ("footer lines", "footer footer_one_cell not_a_footer"),
            ("blank lines", "blank_lines"),
            ("repeated headers", "repeated_header"),
            ("header of several rows", "two_header_rows"),
            ("no header", "no_header no_header_text"),
            ("nothing but a header", "header_only"),
            ("nothing", "empty"),
            ("short rows", "short_rows"),
            ("long rows", "long_rows"),
            ("trailing empty columns", "trailing_delimiter"),
            ("quotes inside unquoted fields", "inches extra_quote_in_quoted"),
            ("quoted line breaks", "quoted_newlines"),
            ("unclosed quote at the end", "unclosed"),
            ("stray quotes", "stray_opening not_escaped after_quote"),
            ("texts kept as formulas", "formula_texts"),
            ("NUL bytes", "nul_bytes"),
            ("lone CR", "lone_cr"),
            ("mixed line ends", "mixed_ends"),
            ("header cells with blanks, breaks and twice the same", "odd_names"),
            ("a workbook", "xlsx workbook"),
            ("no text", "png html gzip"),
        ],
    ),
    (
        "formats",
        &[
            ("1,234.50", "number_us"),
            ("1.234,50", "number_eu"),
            ("1 234,50", "number_fr number_frnb number_frnnb"),
            ("1'234.50", "number_ch number_ch2"),
            ("1,23,456.78", "number_in"),
            ("$", "number_usd"),
            ("€", "number_eur"),
            ("¥", "number_yen number_yenf number_yuan"),
            ("£", "number_gbp"),
            ("currency codes", "number_code number_code2"),
            ("(12.00)", "number_paren number_parend"),
            ("-$45.00", "number_minusd number_dminus"),
            ("trailing minus", "number_trail"),
            ("full-width digits", "number_full"),
            ("--", "number_dashes"),
            ("-", "number_dash"),
            ("N/A", "number_na"),
            ("leading apostrophe", "number_apo"),
            ("numbers with TAB", "number_tab"),
            ("=\"...\"", "number_eq"),
            ("numbers that stay open", "number_undecided"),
            ("ISO", "date_iso date_isot date_isoms date_week"),
            ("ISO with an offset", "date_isooff date_shopify"),
            ("D/M/Y", "date_dmy"),
            ("M/D/Y", "date_mdy"),
            ("Y/M/D", "date_ymd"),
            ("dots", "date_dots date_dots2"),
            ("dashes", "date_dash"),
            ("years of two digits", "date_two date_ebay"),
            ("English months", "date_en date_en2 date_en3 date_en4 date_en5"),
            ("German months", "date_de date_de2 date_de3"),
            ("French months", "date_fr date_fr2"),
            ("Spanish months", "date_es date_es2"),
            ("Chinese days", "date_zh date_zht date_zham"),
            ("Japanese days", "date_jaW date_full"),
            ("YYYYMMDD", "date_compact date_compactt"),
            ("12-hour clocks", "date_ampm date_ampm2"),
            ("Unix seconds", "date_unix"),
            ("Unix milliseconds", "date_unixms"),
            ("Excel serials", "date_excel date_excelf date_exceldec"),
            ("the order of rows decides", "date_rising"),
        ],
    ),
    (
        "platforms",
        &[
            ("date and time in two columns", "square_transactions square_items"),
            ("integer day numbers", "dunnhumby"),
            ("days that stay open", "ambiguous_dates"),
            ("Shopify orders", "shopify_orders"),
            ("Shopify customers", "shopify_customers"),
            ("WooCommerce", "woocommerce_analytics woocommerce_order_lines"),
            ("Magento", "magento_orders magento_customers"),
            ("Square", "square_transactions square_items"),
            ("Stripe", "stripe_payments stripe_balance"),
            ("PayPal", "paypal_german"),
            ("Etsy", "etsy_orders etsy_items"),
            ("Amazon", "amazon_orders amazon_all_orders"),
            ("eBay", "ebay_german"),
            ("TikTok Shop", "tiktok_shop"),
            ("Klaviyo profiles", "klaviyo_profiles"),
            ("淘宝, 天猫", "taobao_orders tmall_report"),
            ("京东", "jd_orders"),
            ("拼多多", "pinduoduo_orders"),
            ("抖店", "douyin_orders"),
            ("Online Retail I and II", "online_retail online_retail_ii"),
            ("Olist", "olist_orders olist_items"),
            ("CDNOW", "cdnow_master"),
            ("Ta-Feng", "ta_feng"),
            ("BigCommerce", "bigcommerce_orders"),
            ("HubSpot deals", "hubspot_deals"),
            ("有赞", "youzan_orders"),
            ("楽天", "rakuten_orders"),
            ("totals on the first row only", "shopify_orders values_on_the_first_row"),
            ("repeated totals", "jd_orders woocommerce_orders_repeated"),
            ("line amounts", "etsy_items online_retail_ii"),
            ("totals that stay open", "ambiguous_totals"),
            ("refunds as a column", "magento_orders refund_column_negative"),
            ("refunds as rows", "online_retail refund_type_rows nasty_type_of_row"),
            ("refunds as an adjusted total", "etsy_orders"),
            ("refunds as a state", "pinduoduo_orders"),
            ("cancelled, failed, test, unpaid", "states_of_all_kinds nasty_shopware"),
            ("several currencies", "stripe_payments_mixed amounts_in_several_currencies"),
            ("one currency written twice", "nasty_dollar_and_usd"),
            ("ids brought to one form", "identity_of_three_kinds"),
            ("blanks are nobody", "ids_of_nobody no_customer"),
            ("masked buyers", "taobao_masked youzan_orders"),
            ("one row a customer", "customer_summary customer_histories_money"),
            ("no roles by name", "no_header"),
        ],
    ),
    (
        "several",
        &[
            ("files of one layout", "years"),
            ("years that overlap", "overlap overlap_dropped"),
            ("orders, items and customers", "database"),
            ("orders and customers, by a key", "orders_and_customers"),
        ],
    ),
];

#[test]
fn every_demand_has_a_fixture() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut missing = Vec::new();
    for (folder, demands) in DEMANDS {
        for (demand, fixtures) in *demands {
            assert!(!fixtures.trim().is_empty(), "{demand} has no fixture");
            for fixture in fixtures.split_ascii_whitespace() {
                for end in ["csv", "json"] {
                    let path = root.join(folder).join(format!("{fixture}.{end}"));
                    if !path.exists() {
                        missing.push(format!("{demand}: {folder}/{fixture}.{end}"));
                    }
                }
            }
        }
    }
    assert!(missing.is_empty(), "missing:\n{}", missing.join("\n"));
}
