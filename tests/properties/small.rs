//! What is hidden of a table cannot be told from its rows, columns and totals.

use proptest::prelude::*;
use regulars::table::hidden;

fn table() -> impl Strategy<Value = Vec<Vec<u32>>> {
    let count = prop_oneof![2 => Just(0_u32), 3 => 1_u32..12, 3 => 12_u32..200];
    (1_usize..6, 1_usize..6).prop_flat_map(move |(height, width)| {
        let row = prop::collection::vec(count.clone(), width);
        prop::collection::vec(row, height)
    })
}

proptest! {
    #[test]
    fn no_line_gives_a_small_count_away(counts in table(), smallest in 2_u32..12) {
        let found = hidden(&counts, smallest);
        let (height, width) = (counts.len(), counts[0].len());
        let row_sum = |r: usize| counts[r].iter().sum::<u32>();
        let column_sum = |c: usize| counts.iter().map(|row| row[c]).sum::<u32>();
        let all: u32 = (0..height).map(row_sum).sum();
        for (r, row) in counts.iter().enumerate() {
            for (c, &n) in row.iter().enumerate() {
                prop_assert!(n == 0 || n >= smallest || found.cells[r][c]);
                prop_assert!(n > 0 || !found.cells[r][c], "zeros are shown");
            }
        }
        // Where everybody is too few, everything but the sum is hidden.
        if all < 2 * smallest {
            return Ok(());
        }
        let mut lines: Vec<(Vec<(u32, bool)>, bool)> = Vec::new();
        for (r, row) in counts.iter().enumerate() {
            let parts = (0..width).map(|c| (row[c], found.cells[r][c])).collect();
            lines.push((parts, found.rows[r]));
        }
        for (c, &total_hidden) in found.columns.iter().enumerate() {
            let parts = (0..height).map(|r| (counts[r][c], found.cells[r][c])).collect();
            lines.push((parts, total_hidden));
        }
        lines.push(((0..height).map(|r| (row_sum(r), found.rows[r])).collect(), false));
        lines.push(((0..width).map(|c| (column_sum(c), found.columns[c])).collect(), false));
        for (parts, total_hidden) in lines {
            let shut: Vec<u32> = parts.iter().filter(|p| p.1).map(|p| p.0).collect();
            let open = parts.iter().any(|p| !p.1 && p.0 > 0);
            if total_hidden {
                prop_assert!(!shut.is_empty(), "the parts would add up to the total");
            } else if !shut.is_empty() {
                // All that there is may be hidden without being enough.
                let enough = shut.len() > 1 && shut.iter().sum::<u32>() >= smallest;
                prop_assert!(enough || !open, "{parts:?}");
            }
        }
    }

    #[test]
    fn nothing_is_hidden_where_no_count_is_small(counts in table()) {
        let found = hidden(&counts, 1);
        prop_assert!(!found.cells.iter().flatten().any(|&shut| shut));
        prop_assert!(!found.rows.iter().chain(&found.columns).any(|&shut| shut));
    }
}

#[test]
fn a_lone_small_count_takes_another_with_it() {
    let found = hidden(&[vec![3, 50, 40], vec![30, 60, 70]], 10);
    // 3 alone would follow from its row and its column; 40 and 30 go with it, and then
    // their own lines need a second one, too.
    assert_eq!(found.cells, [[true, false, true], [true, false, true]]);
    assert_eq!((found.rows, found.columns), (vec![false; 2], vec![false; 3]));
}
