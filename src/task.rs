//! Long work, done in slices: progress, cancelling and the page's own thread
//! all come from this one mechanism.

/// How far a task has come, in units of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Units done.
    pub done: u64,
    /// Units in all, as far as is known.
    pub total: u64,
}

/// What a slice of work ended with.
///
/// A task is a struct with `advance(&mut self, budget: u64) -> Result<Step<T>>`.
/// The budget counts units of work, about one row read or one likelihood term
/// computed each; the caller, who has a clock, chooses it so that a slice takes
/// at most 50 ms. A task is dropped to cancel it; it changes nothing outside
/// itself before it is done. Results never depend on the budgets given.
#[derive(Clone, Debug)]
pub enum Step<T> {
    /// Call again.
    Working(Progress),
    /// The task is finished and must not be advanced again.
    Done(T),
}

impl<T> Step<T> {
    /// The same step with another result.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Step<U> {
        match self {
            Step::Working(progress) => Step::Working(progress),
            Step::Done(value) => Step::Done(f(value)),
        }
    }
}

/// Runs a task to its end in one go, for callers without anything to wait for.
///
/// # Errors
/// Those of the task.
pub fn finish<T, E>(
    mut advance: impl FnMut(u64) -> std::result::Result<Step<T>, E>,
) -> std::result::Result<T, E> {
    loop {
        if let Step::Done(value) = advance(u64::MAX)? {
            return Ok(value);
        }
    }
}
