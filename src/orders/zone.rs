//! The shop's time zone as the days on which its clocks change: the caller knows
//! the rules of zones (a browser's `Intl` does), and no table of them is in here.

use serde::{Deserialize, Serialize};

use super::NO_SECOND;
use super::block::NO_DAY;
use crate::columns::{Moment, date::NO_OFFSET};
use crate::error::{Error, Result};

const DAY: i64 = 86_400;

/// A zone to which moments with an offset from UTC, or in UTC, are moved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Zone {
    /// Its name, such as `Europe/Berlin`, for the ledger.
    pub name: String,
    /// Seconds since 1970-01-01 UTC from which each offset holds, rising. The
    /// first offset also holds before it.
    pub from: Vec<i64>,
    /// Seconds east of UTC, one an entry of `from`.
    pub offset: Vec<i32>,
}

impl Zone {
    /// Whether the table is one.
    ///
    /// # Errors
    /// `bad-zone` where it is empty, not rising, or an offset is beyond a day.
    pub fn check(&self) -> Result<()> {
        let rising = self.from.windows(2).all(|pair| pair[0] < pair[1]);
        let near = self.offset.iter().all(|&o| i64::from(o).abs() < DAY);
        if self.from.is_empty()
            || self.from.len() != self.offset.len()
            || !rising
            || !near
        {
            return Err(Error::new("bad-zone").with("zone", self.name.as_str()));
        }
        Ok(())
    }

    /// Seconds east of UTC at a second of UTC.
    fn at(&self, second: i64) -> i64 {
        let later = self.from.partition_point(|&from| from <= second);
        self.offset.get(later.saturating_sub(1)).map_or(0, |&o| i64::from(o))
    }

    /// Day and second in this zone of a day and second so many minutes east of
    /// UTC. A day without a time, or without an offset, stays as it is written.
    pub(crate) fn moved(&self, (day, second): (i32, u32), offset: i16) -> (i32, u32) {
        if day == NO_DAY || second == NO_SECOND || offset == NO_OFFSET {
            return (day, second);
        }
        let utc = i64::from(day) * DAY + i64::from(second) - i64::from(offset) * 60;
        let local = utc + self.at(utc);
        match i32::try_from(local.div_euclid(DAY)) {
            Ok(moved) => (moved, local.rem_euclid(DAY) as u32),
            Err(_) => (day, second),
        }
    }

    /// A moment in this zone.
    pub(crate) fn moment(&self, moment: Moment) -> Moment {
        let (day, second) = self.moved((moment.day, moment.second), moment.offset);
        Moment { day, second, offset: moment.offset }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Berlin around 2024: winter, summer from 31 March 01:00 UTC, winter again.
    fn berlin() -> Zone {
        Zone {
            name: "Europe/Berlin".into(),
            from: vec![0, 1_711_846_800, 1_729_990_800],
            offset: vec![3600, 7200, 3600],
        }
    }

    /// 2024-03-31.
    const CHANGE: i32 = 19_813;

    #[test]
    fn midnight_moves_to_the_day_of_the_shop() {
        let zone = berlin();
        assert_eq!(zone.moved((CHANGE, 84_600), 0), (CHANGE + 1, 5_400));
        assert_eq!(zone.moved((CHANGE - 1, 82_800), 0), (CHANGE, 0));
        assert_eq!(zone.moved((CHANGE - 1, 82_799), 0), (CHANGE - 1, 86_399));
    }

    #[test]
    fn clocks_change_at_their_second() {
        let zone = berlin();
        assert_eq!(zone.moved((CHANGE, 3_599), 0), (CHANGE, 7_199));
        assert_eq!(zone.moved((CHANGE, 3_600), 0), (CHANGE, 10_800));
    }

    #[test]
    fn an_offset_of_the_file_is_taken_off_first() {
        // 20:00 in New York is 1 o'clock of the next day in Berlin.
        assert_eq!(berlin().moved((CHANGE - 30, 72_000), -300), (CHANGE - 29, 7_200));
    }

    #[test]
    fn what_has_no_time_or_no_offset_stays() {
        let zone = berlin();
        assert_eq!(zone.moved((CHANGE, NO_SECOND), 0), (CHANGE, NO_SECOND));
        assert_eq!(zone.moved((CHANGE, 84_600), NO_OFFSET), (CHANGE, 84_600));
        assert_eq!(zone.moved((NO_DAY, 5), 0), (NO_DAY, 5));
    }

    #[test]
    fn tables_that_are_none_are_refused() {
        assert!(berlin().check().is_ok());
        assert!(Zone::default().check().is_err());
        assert!(Zone { offset: vec![0], ..berlin() }.check().is_err());
        assert!(Zone { from: vec![0, 0, 1], ..berlin() }.check().is_err());
        assert!(Zone { offset: vec![0, 0, 86_400], ..berlin() }.check().is_err());
    }
}
