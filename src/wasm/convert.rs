//! From JavaScript's values to the session's and back.

use js_sys::{Array, Float64Array, Int32Array, Object, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use crate::calendar::Day;
use crate::error::Error;
use crate::lifetime::Given;
use crate::mapping::Question;
use crate::session::{Ask, ExportArgs, Goal, OutcomeArgs, Output};
use crate::table::{Column, Page, Plain, Query};

use super::plain::plain;

/// Arguments as a typed value; left-out fields take their defaults.
pub fn arguments<T: DeserializeOwned>(args: &Plain) -> Result<T, JsValue> {
    args.typed().map_err(throw)
}

/// The goal of an analysis call.
pub fn goal(call: &str, args: &Plain) -> Result<Goal, JsValue> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct One {
        customer_id: String,
    }
    #[derive(serde::Deserialize)]
    struct Since {
        from: String,
    }
    Ok(match call {
        "describe" => Goal::Describe,
        "rfm" => Goal::Rfm,
        "lifetime" => Goal::Lifetime,
        "churn" => Goal::Churn,
        "retention" => Goal::Retention,
        "health" => Goal::Health,
        "winback" => Goal::Winback,
        "winbackReasons" => Goal::Reasons,
        "winbackOutcome" => {
            let args: OutcomeArgs = arguments(args)?;
            Goal::Outcome(Box::new(args.campaign().map_err(throw)?))
        }
        "cohorts" => Goal::Cohorts,
        "lifecycle" => Goal::Lifecycle,
        "movement" => {
            Goal::Movement(Day::parse(&arguments::<Since>(args)?.from).map_err(throw)?)
        }
        "customers" => Goal::Customers(Query::parse(args).map_err(throw)?),
        "basket" => Goal::Basket,
        "forecast" => Goal::Forecast,
        "offers" => Goal::Offers(arguments::<One>(args)?.customer_id),
        "customer" => Goal::Customer(arguments::<One>(args)?.customer_id),
        "lifetimeRows" => {
            Goal::LifetimeRows(Query::parse(args).map_err(throw)?, arguments(args)?)
        }
        "equity" => Goal::Equity,
        "covariates" => Goal::Covariates(arguments(args)?),
        "exportCsv" => Goal::Export(ExportArgs::parse(args).map_err(throw)?),
        _ => {
            let asked = Ask::parse(call, args).map_err(throw)?;
            let unknown = || throw(Error::new("unknown-call").with("call", call));
            Goal::Ask(asked.ok_or_else(unknown)?)
        }
    })
}

/// The columns of a table of histories, typed arrays or lists of numbers, and the
/// arguments without them: read as plain data, a million numbers take longer than a fit.
pub fn given(args: JsValue) -> Result<(Given, JsValue), JsValue> {
    if !args.is_object() {
        return Ok((Given::default(), args));
    }
    let rest = Object::assign(&Object::new(), args.unchecked_ref());
    let column = |name: &str| -> Result<Vec<f64>, JsValue> {
        let name = JsValue::from_str(name);
        let list = Reflect::get(&rest, &name).unwrap_or(JsValue::UNDEFINED);
        if list.is_undefined() || list.is_null() {
            return Ok(Vec::new());
        }
        if !list.is_object() {
            return Err(throw(Error::new("histories-length")));
        }
        Reflect::delete_property(&rest, &name)?;
        Ok(Float64Array::new(&list).to_vec())
    };
    let given = Given {
        frequency: column("frequency")?,
        recency_days: column("recencyDays")?,
        age_days: column("ageDays")?,
        customers: column("customers")?,
    };
    Ok((given, rest.into()))
}

/// A thrown object: the facade makes an `Error` of it, in the locale's words.
pub fn throw(error: Error) -> JsValue {
    throw_with(error, &[])
}

/// The same, with the questions that are open.
pub fn throw_with(error: Error, questions: &[Question]) -> JsValue {
    #[derive(Serialize)]
    struct Thrown<'a> {
        code: &'static str,
        params: &'a crate::message::Params,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        questions: &'a [Question],
    }
    let thrown = Thrown { code: error.code(), params: error.params(), questions };
    plain(&thrown)
}

/// `{ result }`, columns as typed arrays.
pub fn output(output: Output) -> Result<JsValue, JsValue> {
    let result = match output {
        Output::Page(page) => table(page)?,
        Output::Predictions(predictions) => {
            let columns = Object::new();
            for (name, values) in [
                ("pAlive", &predictions.p_alive),
                ("expectedOrders", &predictions.expected_orders),
            ] {
                let values = Float64Array::from(values.as_slice());
                Reflect::set(&columns, &name.into(), &values)?;
            }
            columns.into()
        }
        Output::Bytes(bytes) => Uint8Array::from(bytes.as_slice()).into(),
        Output::Table(report) => {
            let value = plain(&*report);
            let probability = Float64Array::from(report.probability.as_slice());
            Reflect::set(&value, &"churnProbability".into(), &probability)?;
            value
        }
        other => plain(&other),
    };
    let done = Object::new();
    Reflect::set(&done, &"result".into(), &result)?;
    Ok(done.into())
}

fn table(page: Page) -> Result<JsValue, JsValue> {
    let columns = Object::new();
    for (column, cells) in page.columns {
        let values: JsValue = match cells {
            Column::Text(texts) => {
                texts.iter().map(|text| JsValue::from_str(text)).collect::<Array>().into()
            }
            Column::Number(numbers) => Float64Array::from(numbers.as_slice()).into(),
            Column::Integer(integers) => Int32Array::from(integers.as_slice()).into(),
        };
        Reflect::set(&columns, &column.name().into(), &values)?;
    }
    let table = Object::new();
    Reflect::set(&table, &"total".into(), &JsValue::from_f64(page.total as f64))?;
    Reflect::set(&table, &"revenue".into(), &JsValue::from_f64(page.revenue))?;
    if let Some(count) = page.without_consent {
        let count = JsValue::from_f64(count as f64);
        Reflect::set(&table, &"withoutConsent".into(), &count)?;
    }
    Reflect::set(&table, &"columns".into(), &columns)?;
    Ok(table.into())
}
