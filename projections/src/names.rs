//! Names that the views declare, as schemas: which there are stands in the declarations alone.
//!
//! Types for schemas only; nobody makes a value of them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::views::{VIEWS, ViewDeclaration};

fn all(named: fn(&ViewDeclaration) -> Vec<&'static str>) -> Vec<&'static str> {
    VIEWS.iter().flat_map(named).collect::<BTreeSet<_>>().into_iter().collect()
}

/// A kind of name with its schema.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident, $description:literal, $named:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "enum": all($named), "description": $description})
            }
        }
    )*};
}

names! {
    /// A view.
    ViewName, "Name of a view", |view| vec![view.name];
    /// A figure of any view.
    FigureName, "Name of a figure, stable within a version of its view",
        |view| view.figures.iter().map(|figure| figure.name).collect();
    /// What figures are broken down by.
    BreakdownName, "What figures are broken down by", |view| view.breakdowns.to_vec();
    /// A share of any view.
    ShareName, "Name of a share", |view| view.shares.iter().map(|share| share.name).collect();
    /// An attested figure of any view.
    AttestedName, "Name of an attested figure", |view| view.attested.iter().map(|figure| figure.name).collect();
    /// A section of what is due.
    SectionName, "Name of the view, or recorded_late", |view| vec![view.name, "recorded_late"];
}
