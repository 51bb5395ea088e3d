//! One profile, started, asked and held against what its files say and what is expected.

use super::expected::{differences, expected};
use super::{Answer, Row, Wardline, table};
use crate::cache::Cache;
use crate::recipe::{Recipe, Request};
use crate::{Result, supervisor};
use std::path::Path;

/// What came of one profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// What clients got, beside the declared verdicts.
    pub rows: Vec<Row>,
    /// Where files and clients disagree, in words. Empty when all is well.
    pub disagreements: Vec<String>,
    name: String,
}

/// Starts one release in one profile, asks every question and ends it.
///
/// # Errors
///
/// When it does not start, a client can't be run or its files can't be judged.
pub fn measure(
    cache: &Cache,
    wardline: &Wardline,
    recipe: &Recipe,
    request: &Request,
) -> Result<Measured> {
    let mut live = recipe.start(cache, request)?;
    let answers = live.truth()?;
    let declared = wardline.check(&live.deployment().configuration)?;
    drop(live);
    let rows: Vec<Row> = answers
        .into_iter()
        .map(|answer| Row::new(answer, &declared))
        .collect();
    let disagreements = rows
        .iter()
        .filter(|row| !row.agrees())
        .map(|row| format!("{}: files and clients disagree", row.answer.question.id))
        .collect();
    Ok(Measured {
        rows,
        disagreements,
        name: supervisor::name(recipe.service, request),
    })
}

impl Measured {
    /// The rows for a person.
    #[must_use]
    pub fn table(&self) -> String {
        table(&self.name, &self.rows)
    }

    /// How the answers differ from the expected ones, in words. Empty when all is well.
    ///
    /// # Errors
    ///
    /// When the expected answers can't be read.
    pub fn surprises(
        &self,
        root: &Path,
        recipe: &Recipe,
        request: &Request,
    ) -> Result<Vec<String>> {
        let expected = expected(root, recipe.service, &request.release, &request.profile)?;
        let answers: Vec<&Answer> = self.answers().collect();
        Ok(differences(&answers, &expected))
    }

    /// The answers alone.
    pub fn answers(&self) -> impl Iterator<Item = &Answer> {
        self.rows.iter().map(|row| &row.answer)
    }
}
