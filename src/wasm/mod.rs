//! The boundary to JavaScript: check, convert, call, convert back.
//!
//! One object, one task at a time. The caller has the clock: it feeds bytes and
//! budgets, and looks for messages between the slices.

mod convert;
mod plain;
mod read;

use wasm_bindgen::prelude::*;

use crate::lifetime::Given;
use crate::session::{LoadArgs, Session, SubscriptionArgs};
use crate::task::Step;

use convert::{arguments, output, throw, throw_with};
use read::read;

/// The engine behind a workspace.
#[wasm_bindgen]
#[derive(Default)]
pub struct Engine {
    session: Session,
}

#[wasm_bindgen]
impl Engine {
    /// An engine with nothing loaded.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Engine {
        Engine::default()
    }

    /// Begins a task; what is loaded stays as it is until the task is done.
    ///
    /// @param {string} call the task's name, such as "lifetime"
    /// @param {object} args its arguments, plain data
    /// @throws an object with `code` and `params`
    pub fn start(&mut self, call: &str, args: JsValue) -> Result<(), JsValue> {
        let session = &mut self.session;
        let (given, args) = match call {
            "fitHistories" | "predictHistories" => convert::given(args)?,
            _ => (Given::default(), args),
        };
        let args = &read(&args);
        match call {
            "inspect" => session.inspect(&arguments(args)?),
            "load" => session.load(LoadArgs::parse(args).map_err(throw)?),
            "forget" => session.forget(arguments(args)?),
            "churnTable" => session.churn_table(arguments(args)?),
            "sample" => session.sample(arguments(args)?),
            "settings" => session.settings(),
            "subscriptions" => {
                session.subscriptions(&SubscriptionArgs::parse(args).map_err(throw)?)
            }
            "fitHistories" => session.fit(&given, &arguments(args)?),
            "predictHistories" => session.predict(&given, &arguments(args)?),
            _ => session.analyse(arguments(args)?, convert::goal(call, args)?),
        }
        .map_err(throw)
    }

    /// The next bytes of the file, in any chunking; only within "inspect".
    ///
    /// @throws an object with `code` and `params`
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        self.session.push(bytes).map_err(throw)
    }

    /// Says that the file has ended.
    ///
    /// @throws an object with `code` and `params`
    #[wasm_bindgen(js_name = endInput)]
    pub fn end_input(&mut self) -> Result<(), JsValue> {
        self.session.end_input().map_err(throw)
    }

    /// The next bytes of a part that was read, "inspect" with `part`, for the
    /// engine that reads what is before it; nothing after the last of them.
    ///
    /// @throws an object with `code` and `params`
    pub fn piece(&mut self) -> Result<Option<Vec<u8>>, JsValue> {
        self.session.piece().map_err(throw)
    }

    /// Takes a piece of the part after what was read here; only within "inspect".
    ///
    /// @throws an object with `code` and `params`
    pub fn merge(&mut self, piece: &[u8]) -> Result<(), JsValue> {
        self.session.merge(piece).map_err(throw)
    }

    /// One slice of the task.
    ///
    /// @param {number} budget units of work, about one row or one term each
    /// @returns {{result: any} | undefined} the result when the task is done
    /// @throws an object with `code`, `params` and, where answers are needed,
    /// `questions`; the task is then dropped
    pub fn advance(&mut self, budget: f64) -> Result<JsValue, JsValue> {
        match self.session.advance(budget.max(1.0) as u64) {
            Ok(Step::Working(_)) => Ok(JsValue::UNDEFINED),
            Ok(Step::Done(result)) => output(result),
            Err(error) => Err(throw_with(error, self.session.questions())),
        }
    }

    /// How far the task is: stage, units done, units in all.
    pub fn progress(&self) -> Vec<f64> {
        let (stage, progress) = self.session.progress();
        vec![f64::from(stage), progress.done as f64, progress.total as f64]
    }

    /// Drops the task. What is loaded stays as it is.
    pub fn cancel(&mut self) {
        self.session.cancel();
    }

    /// Bytes of linear memory in use.
    pub fn memory(&self) -> f64 {
        #[cfg(target_arch = "wasm32")]
        let pages = core::arch::wasm32::memory_size::<0>();
        #[cfg(not(target_arch = "wasm32"))]
        let pages = 0;
        pages as f64 * 65_536.0
    }
}
