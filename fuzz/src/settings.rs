//! Checks of what the products' own rules make of a text: command lines, Kubernetes objects, our own configuration file.
//! Each panics when something does not hold.

use audit::config;
use declared::{Input, Ties};
use model::{Estate, Place, SourceId};
use settings::kubernetes::audit_policy::AuditPolicy;
use settings::kubernetes::encryption;
use settings::kubernetes::flags::{self, CommandLine, Etcd, Kubelet, Word};
use settings::kubernetes::object::Object;
use settings::spark::java_options;
use settings::spark::submission::{self, Argument};
use text::shell;

/// `.wardline.toml`: a configuration, or problems with places.
pub fn toml(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match config::parse("w", text) {
        Ok(config) => {
            let _ = config.seen_from("deploy/");
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in problems {
                assert!(problem.place.starts_with("w:") && !problem.message.is_empty());
            }
        }
    }
}

/// Environment files, and the variables that images turn into Hadoop's files.
pub fn environment(bytes: &[u8]) {
    let estate = read("hadoop.env", bytes);
    places(&estate);
}

/// Command lines: `spark-submit`, Java options, API server, etcd, kubelet.
pub fn command_line(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    for command in shell::commands(text) {
        let arguments: Vec<Argument> = command
            .words
            .iter()
            .map(|word| Argument {
                text: word.text.clone(),
                place: Place::new(SourceId(0), word.span),
                dynamic: word.dynamic,
            })
            .collect();
        let submission = submission::parse(&arguments);
        assert!(submission.settings.len() <= arguments.len());
        for argument in &arguments {
            let _ = java_options::system_properties(&argument.text);
        }
        let line = CommandLine {
            words: command
                .words
                .iter()
                .map(|word| {
                    let place = Place::new(SourceId(0), word.span);
                    Word::new(word.text.as_str(), word.dynamic, place)
                })
                .collect(),
            environment: Vec::new(),
            unread: None,
        };
        if let Some(flags) = line.flags() {
            let _ = flags::ApiServer::of(&flags).map(|server| server.audits());
            let _ = Kubelet::new(Some(&flags), Vec::new()).map(|kubelet| kubelet.anonymous());
            let _ = Etcd::of_flags(flags).map(|etcd| etcd.urls("listen-client-urls"));
        }
    }
}

/// `EncryptionConfiguration`: loaded, or refused at places of the text.
pub fn encryption(bytes: &[u8]) {
    let estate = read("enc.yaml", bytes);
    places(&estate);
    for object in estate.all::<Object>() {
        match encryption::load(object, None, None) {
            Ok(loaded) => {
                for provider in loaded.providers_for("secrets") {
                    let _ = provider;
                }
            }
            Err(refusals) => assert!(!refusals.is_empty()),
        }
    }
}

/// Audit policies: loaded, or refused; every decision about a sensitive resource ends.
pub fn audit_policy(bytes: &[u8]) {
    let estate = read("policy.yaml", bytes);
    places(&estate);
    for object in estate.all::<Object>() {
        match AuditPolicy::load(object) {
            Ok(policy) => {
                let _ = policy.bodies();
            }
            Err(refusals) => assert!(!refusals.is_empty()),
        }
    }
}

/// Documents inside ConfigMaps and Secrets, plain and encoded: every place in them is a place in the file.
pub fn embedded(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    // The body becomes a block scalar of a ConfigMap, once as it is and once in the flow form.
    let indented: String = text.lines().map(|line| format!("    {line}\n")).collect();
    let manifest = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  core-site.xml: |\n{indented}\n"
    );
    places(&read("a.yaml", manifest.as_bytes()));
    places(&read("a.yaml", bytes));
}

/// Reads one text under a name.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Estate {
    declared::read(
        vec![Input::Bytes(name.to_owned(), bytes.to_vec())],
        &Ties::default(),
    )
}

/// Every place that was told lies in its text and cuts no character; so does the place in the file that it stands for.
pub(crate) fn places(estate: &Estate) {
    let lies_in = |place: Place| {
        let source = estate.sources.get(place.source).expect("a text");
        let span = place.span;
        assert!(
            source.text.get(span.range()).is_some(),
            "{span:?} is not in {:?} of {} bytes",
            source.path,
            source.text.len()
        );
    };
    let told = estate.not_examined.iter().filter_map(|input| input.place);
    let objects = estate.all::<Object>().iter().map(Object::name_place);
    for place in told.chain(objects) {
        lies_in(place);
        lies_in(estate.sources.in_file(place));
    }
    for (id, source) in estate.sources.iter() {
        let length = source.text.len();
        let middle = source.text.floor_char_boundary(length / 2);
        for (start, end) in [(0, 0), (0, length), (middle, length), (length, length)] {
            let place = Place::new(id, text::Span::new(start, end));
            lies_in(estate.sources.in_file(place));
        }
    }
}
