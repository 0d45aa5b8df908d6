//! What the made-up shop sells: coffee, tea and what belongs to them.

/// When a product is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    /// All year.
    Always,
    /// From mid-October to Christmas Eve.
    Christmas,
    /// All year, four times as much from May to August.
    Summer,
}

/// A product: name, category, price in cents at the start, season.
#[derive(Clone, Copy, Debug)]
pub struct Good {
    /// As it stands in the export.
    pub name: &'static str,
    /// Index in [`CATEGORIES`].
    pub category: usize,
    /// In cents.
    pub price: i64,
    /// When it is sold.
    pub season: Season,
}

/// The eight categories.
pub const CATEGORIES: [&str; 8] = [
    "Espresso",
    "Filter coffee",
    "Green tea",
    "Black tea",
    "Herbal & fruit tea",
    "Brewing gear",
    "Cups & storage",
    "Sweets & gifts",
];

const fn good(category: usize, name: &'static str, price: i64) -> Good {
    Good { name, category, price, season: Season::Always }
}

const fn seasonal(
    category: usize,
    name: &'static str,
    price: i64,
    season: Season,
) -> Good {
    Good { name, category, price, season }
}

/// All products, the best-selling of each category first.
pub const GOODS: [Good; 120] = [
    good(0, "House Espresso 250 g", 790),
    good(0, "House Espresso 1 kg", 2690),
    good(0, "Napoli Dark Roast 250 g", 820),
    good(0, "Crema Bar Blend 1 kg", 2490),
    good(0, "Brazil Cerrado Espresso 250 g", 890),
    good(0, "Decaf Espresso 250 g", 920),
    good(0, "Organic Espresso Sierra 250 g", 990),
    good(0, "Monsooned Malabar 250 g", 950),
    good(0, "Espresso Sampler 4 x 100 g", 1690),
    good(0, "Guatemala Huehuetenango Espresso 250 g", 1050),
    good(0, "Napoli Dark Roast 1 kg", 2790),
    good(0, "Espresso Capsules Medium 30 pieces", 1190),
    good(0, "Espresso Capsules Strong 30 pieces", 1190),
    good(0, "Sumatra Mandheling Espresso 250 g", 1090),
    seasonal(0, "Winter Espresso with Cardamom 250 g", 990, Season::Christmas),
    good(1, "Ethiopia Yirgacheffe 250 g", 1090),
    good(1, "Colombia Huila 250 g", 980),
    good(1, "Breakfast Blend 500 g", 1290),
    good(1, "Kenya Nyeri AA 250 g", 1290),
    good(1, "Peru Organic 500 g", 1490),
    good(1, "Costa Rica Honey Process 250 g", 1190),
    good(1, "Filter Decaf 250 g", 990),
    good(1, "Rwanda Washed Bourbon 250 g", 1150),
    good(1, "Single Origin Sampler 5 x 80 g", 1990),
    seasonal(1, "Cold Brew Blend 500 g", 1490, Season::Summer),
    good(1, "Honduras Marcala 1 kg", 2590),
    good(1, "Guatemala Antigua 250 g", 1120),
    good(1, "Panama Geisha 100 g", 2900),
    seasonal(1, "Cold Brew Bags 8 pieces", 1190, Season::Summer),
    seasonal(1, "Christmas Filter Roast 250 g", 1050, Season::Christmas),
    good(2, "Sencha Organic 100 g", 790),
    good(2, "Ceremonial Matcha 30 g", 2490),
    good(2, "Jasmine Pearls 100 g", 1390),
    good(2, "Genmaicha 100 g", 690),
    good(2, "Gunpowder 250 g", 890),
    good(2, "Everyday Matcha 80 g", 1690),
    good(2, "Gyokuro Shade Grown 50 g", 1890),
    good(2, "Long Jing Dragon Well 50 g", 1590),
    good(2, "Bancha 100 g", 590),
    good(2, "Moroccan Mint Green 100 g", 650),
    good(2, "White Peony 50 g", 1190),
    good(2, "Hojicha Roasted 100 g", 850),
    good(2, "Green Tea Sampler 6 x 20 g", 1490),
    seasonal(2, "Iced Green Tea Lemon 100 g", 690, Season::Summer),
    good(2, "Kukicha 100 g", 720),
    good(3, "Assam Breakfast 250 g", 890),
    good(3, "Earl Grey Classic 100 g", 590),
    good(3, "Darjeeling First Flush 100 g", 1490),
    good(3, "East Frisian Blend 250 g", 850),
    good(3, "Ceylon Orange Pekoe 100 g", 620),
    good(3, "Masala Chai 100 g", 690),
    good(3, "Earl Grey Blue Flower 100 g", 650),
    good(3, "Lapsang Souchong 100 g", 790),
    good(3, "Darjeeling Second Flush 100 g", 1290),
    good(3, "Yunnan Golden Tips 50 g", 990),
    good(3, "Decaf Ceylon 100 g", 720),
    good(3, "Black Tea Sampler 6 x 20 g", 1290),
    good(3, "Keemun 100 g", 890),
    good(3, "English Breakfast 50 Bags", 550),
    seasonal(3, "Christmas Spice Black Tea 100 g", 690, Season::Christmas),
    good(4, "Rooibos Vanilla 100 g", 550),
    good(4, "Peppermint Organic 75 g", 450),
    good(4, "Ginger & Lemon 100 g", 590),
    good(4, "Mountain Herbs 75 g", 490),
    good(4, "Chamomile Flowers 50 g", 420),
    good(4, "Red Berries Fruit Tea 150 g", 650),
    good(4, "Rooibos Natural 250 g", 790),
    good(4, "Good Night Blend 75 g", 560),
    good(4, "Fennel Anise Caraway 100 g", 450),
    good(4, "Lemon Verbena 40 g", 520),
    seasonal(4, "Iced Fruit Tea Peach 150 g", 690, Season::Summer),
    good(4, "Turmeric Spice 100 g", 620),
    good(4, "Herbal Sampler 8 x 15 g", 1190),
    good(4, "Yerba Mate 250 g", 850),
    seasonal(4, "Baked Apple Fruit Tea 150 g", 690, Season::Christmas),
    good(5, "Paper Filters No. 4 100 pieces", 390),
    good(5, "Pour-over Dripper Size 2", 1990),
    good(5, "Descaler 500 ml", 890),
    good(5, "Stainless Tea Strainer", 790),
    good(5, "French Press 1 l", 3490),
    good(5, "Hand Grinder", 8900),
    good(5, "Milk Frothing Jug 0.6 l", 2290),
    good(5, "Bamboo Matcha Whisk", 1690),
    good(5, "Gooseneck Kettle 0.9 l", 6900),
    good(5, "Moka Pot 6 Cups", 3290),
    good(5, "Coffee Scale with Timer", 4490),
    good(5, "Electric Burr Grinder", 18900),
    good(5, "Tamper 58 mm", 3900),
    good(5, "Unbleached Tea Filters 100 pieces", 450),
    seasonal(5, "Cold Brew Bottle 1 l", 2790, Season::Summer),
    good(6, "Stoneware Mug Grey 300 ml", 1390),
    good(6, "Espresso Cups Set of 2", 1990),
    good(6, "Tea Tin 100 g", 650),
    good(6, "Coffee Canister Airtight 500 g", 2490),
    good(6, "Travel Mug 400 ml", 2690),
    good(6, "Glass Teapot 1.2 l", 3490),
    good(6, "Cappuccino Cups Set of 2", 2490),
    good(6, "Cast Iron Teapot 0.8 l", 5900),
    good(6, "Double-wall Glasses Set of 2", 2190),
    good(6, "Porcelain Mug White 350 ml", 1190),
    good(6, "Matcha Bowl", 2890),
    good(6, "Tea for One Set", 2990),
    good(6, "Sugar Bowl", 1490),
    good(6, "Latte Glasses Set of 4", 2690),
    good(6, "Teapot Warmer", 1790),
    good(7, "Dark Chocolate 70 % 100 g", 390),
    good(7, "Butter Biscuits 200 g", 490),
    good(7, "Rock Sugar 500 g", 420),
    good(7, "Chocolate Coffee Beans 150 g", 590),
    good(7, "Almond Cantuccini 250 g", 690),
    good(7, "Acacia Honey 250 g", 790),
    good(7, "Gift Box Coffee Lover", 3490),
    good(7, "Gift Box Tea Time", 2990),
    good(7, "Salted Caramels 150 g", 650),
    good(7, "Ginger Biscuits 200 g", 520),
    good(7, "Greeting Card", 290),
    good(7, "Cantuccini & Espresso Set", 1690),
    seasonal(7, "Tea Advent Calendar", 2490, Season::Christmas),
    seasonal(7, "Coffee Advent Calendar", 3290, Season::Christmas),
    seasonal(7, "Christmas Gift Box", 3990, Season::Christmas),
];

/// What is often bought with what: names, and the chance of the second where
/// the first is in the basket.
pub const PAIRS: [(&str, &str, f64); 8] = [
    ("Ethiopia Yirgacheffe 250 g", "Paper Filters No. 4 100 pieces", 0.22),
    ("Colombia Huila 250 g", "Paper Filters No. 4 100 pieces", 0.18),
    ("House Espresso 1 kg", "Descaler 500 ml", 0.16),
    ("Crema Bar Blend 1 kg", "Chocolate Coffee Beans 150 g", 0.12),
    ("Ceremonial Matcha 30 g", "Bamboo Matcha Whisk", 0.3),
    ("East Frisian Blend 250 g", "Rock Sugar 500 g", 0.35),
    ("Darjeeling First Flush 100 g", "Tea Tin 100 g", 0.15),
    ("Assam Breakfast 250 g", "Butter Biscuits 200 g", 0.14),
];

/// Where a product stands in [`GOODS`].
pub fn place(name: &str) -> Option<usize> {
    GOODS.iter().position(|good| good.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_has_fifteen_products_of_distinct_names() {
        for (category, name) in CATEGORIES.iter().enumerate() {
            let of = GOODS.iter().filter(|good| good.category == category).count();
            assert_eq!(of, 15, "{name}");
        }
        let mut names = GOODS.map(|good| good.name).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), GOODS.len());
        assert!(
            names.iter().chain(&CATEGORIES).all(|name| !name.contains([',', '"', '\n']))
        );
    }

    #[test]
    fn pairs_name_products_that_exist() {
        for (first, second, _) in PAIRS {
            assert!(
                place(first).is_some() && place(second).is_some(),
                "{first}, {second}"
            );
        }
    }
}
