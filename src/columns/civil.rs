//! Days from the written numbers of a date, a million times over.

use crate::calendar::day_number;

/// Days of each month of a common year.
const LENGTHS: [u8; 16] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0];

/// The day number of a date, `None` where there is no such date. Years 1 to 9999.
#[inline]
pub(crate) fn checked_day(year: u32, month: u32, day: u32) -> Option<i32> {
    let month_ok = month.wrapping_sub(1) < 12;
    let length = u32::from(LENGTHS[(month & 15) as usize]);
    let day_ok = day.wrapping_sub(1) < length
        || (month == 2
            && day == 29
            && year.is_multiple_of(4)
            && (!year.is_multiple_of(100) || year.is_multiple_of(400)));
    (month_ok && day_ok && year.wrapping_sub(1) < 9999)
        .then(|| day_number(year as i32, month, day))
}

/// A year written with two digits: 00 to 68 are 2000 to 2068, 69 to 99 are 1969
/// to 1999 (POSIX `strptime`, `%y`).
#[inline]
pub(crate) fn full_year(two_digits: u32) -> u32 {
    if two_digits < 69 { 2000 + two_digits } else { 1900 + two_digits }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Date;

    #[test]
    fn agrees_with_the_calendar_on_every_day_and_every_impossible_date() {
        for year in 1..=9999_u32 {
            // Every day of a few hundred years, the edges of months of all.
            let days: Vec<u32> = if (1890..2110).contains(&year) {
                (0..=33).collect()
            } else {
                vec![0, 1, 28, 29, 30, 31, 32]
            };
            for month in 0..=13 {
                for &day in &days {
                    let expected = Date::new(year as i16, month as i8, day as i8)
                        .map(Date::day_number);
                    assert_eq!(checked_day(year, month, day), expected);
                }
            }
        }
        assert_eq!(checked_day(0, 1, 1), None);
    }
}
