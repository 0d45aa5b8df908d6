//! Systems recognised by a signature of column names, and what each of their
//! columns means there. Names are in the form of [`key`](super::key).

mod asia;
mod sets;
mod shops;

use super::{Kind, MappingEntry, Role, Rule};

/// How the columns that a system has for a role are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// The first of the names that the file has.
    One,
    /// All of them that the file has.
    All,
    /// The first less the others.
    Less,
    /// The first where it names a value of the second, else the second.
    Link,
}

/// A system whose exports are known.
#[derive(Clone, Copy, Debug)]
pub struct Platform {
    /// Such as `shopify-orders`.
    pub id: &'static str,
    /// What kind of file it exports.
    pub kind: Kind,
    /// Names that must all occur, parted by blanks.
    pub signature: &'static str,
    /// Columns by role, names parted by blanks, preferred ones first.
    pub roles: &'static [(Role, Take, &'static str)],
    /// A peculiarity that the user must know of, as the code of a notice.
    pub notice: Option<&'static str>,
}

impl Platform {
    /// The system whose signature occurs in a header; the longest one wins, then
    /// the first of the list.
    pub fn of(keys: &[String]) -> Option<&'static Platform> {
        let has = |name: &str| keys.iter().any(|k| k == name);
        let mut best: Option<(usize, &Platform)> = None;
        for platform in shops::SHOPS.iter().chain(asia::ASIA).chain(sets::SETS) {
            let length = platform.signature.split_ascii_whitespace().count();
            if platform.signature.split_ascii_whitespace().all(has)
                && best.is_none_or(|(longest, _)| length > longest)
            {
                best = Some((length, platform));
            }
        }
        best.map(|(_, platform)| platform)
    }

    /// The first column of the file that this system names for a role.
    pub fn column(&self, keys: &[String], role: Role) -> Option<usize> {
        let names = self.roles.iter().filter(|(r, ..)| *r == role);
        names
            .flat_map(|(.., names)| names.split_ascii_whitespace())
            .find_map(|name| keys.iter().position(|k| k == name))
    }

    /// The mapping of a file of this system. `usable(column, role)` says whether
    /// a column can fill a role at all, from its values.
    pub fn mapping(
        &self,
        keys: &[String],
        usable: impl Fn(usize, Role) -> bool,
    ) -> Vec<MappingEntry> {
        let mut mapping: Vec<MappingEntry> = Vec::new();
        for &(role, take, names) in self.roles {
            if mapping.iter().any(|entry| entry.role == role) {
                continue;
            }
            let mut columns: Vec<usize> = names
                .split_ascii_whitespace()
                .filter_map(|name| keys.iter().position(|k| k == name))
                .filter(|&column| usable(column, role))
                .collect();
            if take == Take::One {
                columns.truncate(1);
            }
            if !columns.is_empty() {
                let rule = match take {
                    Take::Less => Some(Rule::Subtract),
                    Take::Link => Some(Rule::Link),
                    Take::One | Take::All => None,
                };
                let rule = rule.filter(|_| columns.len() > 1);
                mapping.push(MappingEntry { role, columns, rule });
            }
        }
        mapping
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::key;

    #[test]
    fn all_names_are_written_in_the_form_in_which_names_are_compared() {
        let mut ids = std::collections::BTreeSet::new();
        for platform in shops::SHOPS.iter().chain(asia::ASIA).chain(sets::SETS) {
            assert!(ids.insert(platform.id), "{} occurs twice", platform.id);
            let roles = platform.roles.iter().map(|(_, _, names)| *names);
            for name in roles.chain([platform.signature]).flat_map(str::split_whitespace)
            {
                assert_eq!(key(name), name, "{}", platform.id);
            }
        }
    }
}
