//! Which services, releases and profiles a command is about.

use lab::recipe::{RECIPES, Recipe, Request};

/// What the words of a command chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Selection {
    services: Vec<String>,
    profile: Option<String>,
    release: Option<String>,
    overrides: Vec<String>,
    /// `--write`.
    pub(super) write: bool,
}

impl Selection {
    /// Reads the words after the command.
    pub(super) fn parse(words: &[&str]) -> Result<Selection, String> {
        let mut selection = Selection::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || {
                words
                    .next()
                    .map(|value| (*value).to_owned())
                    .ok_or_else(|| format!("{word} needs a value"))
            };
            match *word {
                "--profile" => selection.profile = Some(value()?),
                "--release" => selection.release = Some(value()?),
                "--set" => selection.overrides.push(value()?),
                "--write" => selection.write = true,
                option if option.starts_with("--") => return Err(format!("no option {option}")),
                service => selection.services.push(service.to_owned()),
            }
        }
        Ok(selection)
    }

    /// One request for each service: the named profile and release, else the first.
    pub(super) fn one_each(&self) -> Result<Vec<(&'static Recipe, Request)>, String> {
        if self.services.is_empty() {
            return Err("name a service; `cargo xtask lab services` lists them".to_owned());
        }
        self.services
            .iter()
            .map(|service| {
                let recipe = Recipe::named(service).map_err(|error| error.to_string())?;
                let mut request = recipe
                    .request(self.profile.as_deref(), self.release.as_deref())
                    .map_err(|error| error.to_string())?;
                request.overrides.clone_from(&self.overrides);
                Ok((recipe, request))
            })
            .collect()
    }

    /// Every request of the named services, or of all of them, that the options leave.
    pub(super) fn every(&self) -> Result<Vec<(&'static Recipe, Request)>, String> {
        let recipes: Vec<&'static Recipe> = if self.services.is_empty() {
            RECIPES.to_vec()
        } else {
            self.services
                .iter()
                .map(|service| Recipe::named(service).map_err(|error| error.to_string()))
                .collect::<Result<_, _>>()?
        };
        let wanted =
            |named: &Option<String>, value: &String| named.as_ref().is_none_or(|n| n == value);
        let requests: Vec<_> = recipes
            .into_iter()
            .flat_map(|recipe| recipe.all_requests().map(move |request| (recipe, request)))
            .filter(|(_, request)| {
                wanted(&self.profile, &request.profile) && wanted(&self.release, &request.release)
            })
            .collect();
        if requests.is_empty() {
            return Err("no service has such a profile and release".to_owned());
        }
        Ok(requests)
    }

    /// The words that choose one request again, for another process.
    pub(super) fn words(recipe: &Recipe, request: &Request) -> Vec<String> {
        let mut words = vec![
            recipe.service.to_owned(),
            "--profile".to_owned(),
            request.profile.clone(),
            "--release".to_owned(),
            request.release.clone(),
        ];
        for value in &request.overrides {
            words.extend(["--set".to_owned(), value.clone()]);
        }
        words
    }
}
