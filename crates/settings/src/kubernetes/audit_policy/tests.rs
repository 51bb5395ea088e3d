use super::*;
use crate::kubernetes::object::Object;
use crate::kubernetes::sample::object;

fn policy(rules: &str) -> Object {
    object(&format!(
        "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n{rules}\n"
    ))
}

fn request<'a>(user: &'a AuditUser, verb: &'a str, resource: &'a str) -> Request<'a> {
    let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
    Request {
        user,
        verb,
        group: "",
        resource,
        subresource,
        namespace: "data",
        name: "s3-key",
    }
}

/// The level that decides, for a user who is in nothing special.
fn level(rules: &str, verb: &str, resource: &str) -> Level {
    let object = policy(rules);
    let policy = AuditPolicy::load(&object).unwrap();
    let user = AuditUser::named("alice");
    policy
        .first_match(&request(&user, verb, resource))
        .map_or(Level::None, |rule| rule.level)
}

#[test]
fn the_first_rule_that_matches_decides() {
    let rules = "- {level: None, verbs: [watch]}\n- {level: Metadata, resources: [{group: '', resources: [secrets]}]}\n- {level: RequestResponse}";
    assert_eq!(level(rules, "watch", "secrets"), Level::None);
    assert_eq!(level(rules, "get", "secrets"), Level::Metadata);
    assert_eq!(level(rules, "get", "pods"), Level::RequestResponse);
    assert_eq!(
        level("- {level: Metadata, verbs: [get]}", "list", "pods"),
        Level::None
    );
}

#[test]
fn words_for_resources() {
    for (resources, request, expected) in [
        ("[{group: ''}]", "secrets", true),
        ("[{group: '*'}]", "secrets", true),
        ("[{}]", "secrets", true),
        ("[{group: apps}]", "secrets", false),
        ("[{group: '', resources: [secrets]}]", "secrets", true),
        (
            "[{group: '', resources: [serviceaccounts]}]",
            "serviceaccounts/token",
            false,
        ),
        (
            "[{group: '', resources: [serviceaccounts/token]}]",
            "serviceaccounts/token",
            true,
        ),
        (
            "[{group: '', resources: ['serviceaccounts/*']}]",
            "serviceaccounts/token",
            true,
        ),
        // Unlike in RBAC, the resource itself is covered too.
        (
            "[{group: '', resources: ['serviceaccounts/*']}]",
            "serviceaccounts",
            true,
        ),
        (
            "[{group: '', resources: ['*/token']}]",
            "serviceaccounts/token",
            true,
        ),
        ("[{group: '', resources: ['*/token']}]", "secrets", false),
        (
            "[{group: '', resources: ['*']}]",
            "serviceaccounts/token",
            true,
        ),
        (
            "[{group: '', resources: [secrets], resourceNames: [s3-key]}]",
            "secrets",
            true,
        ),
        (
            "[{group: '', resources: [secrets], resourceNames: [other]}]",
            "secrets",
            false,
        ),
    ] {
        let rules = format!("- {{level: Request, resources: {resources}}}");
        assert_eq!(
            level(&rules, "get", request) == Level::Request,
            expected,
            "{resources} {request}"
        );
    }
}

#[test]
fn every_field_that_is_set_must_match() {
    let text = "- {level: Request, users: [alice], userGroups: [ops], namespaces: [data]}";
    let object = policy(text);
    let policy = AuditPolicy::load(&object).unwrap();
    let mut user = AuditUser::named("alice");
    assert!(policy.first_match(&request(&user, "get", "pods")).is_none());
    user.groups.push("ops".into());
    assert!(policy.first_match(&request(&user, "get", "pods")).is_some());
    let elsewhere = Request {
        namespace: "other",
        ..request(&user, "get", "pods")
    };
    assert!(policy.first_match(&elsewhere).is_none());
}

#[test]
fn paths_and_resources_are_apart() {
    let text = "- {level: Metadata, nonResourceURLs: ['/healthz*']}\n- {level: Request, namespaces: ['']}\n- {level: RequestResponse}";
    let object = policy(text);
    let policy = AuditPolicy::load(&object).unwrap();
    let user = AuditUser::named("alice");
    let of_path = |path: &str| {
        policy
            .first_match_of_path(&user, "get", path)
            .map(|rule| rule.level)
    };
    assert_eq!(of_path("/healthz/etcd"), Some(Level::Metadata));
    // A rule with namespaces is about resources only.
    assert_eq!(of_path("/metrics"), Some(Level::RequestResponse));
    assert_eq!(
        policy
            .first_match(&request(&user, "get", "pods"))
            .unwrap()
            .level,
        Level::RequestResponse
    );
}

#[test]
fn refusals() {
    for rules in [
        "- {level: metadata}",
        "- {users: [a]}",
        "- {level: None, nonResourceURLs: [healthz]}",
        "- {level: None, nonResourceURLs: ['/a*b']}",
        "- {level: None, nonResourceURLs: ['/a'], namespaces: [x]}",
        "- {level: None, resources: [{group: '', resourceNames: [x]}]}",
        "- {level: None, resources: [{group: rbac.authorization.k8s.io/v1}]}",
        "- {level: None, users: alice}",
        "- {level: None, verbs: [1]}",
    ] {
        let object = policy(rules);
        assert_eq!(AuditPolicy::load(&object).unwrap_err().len(), 1, "{rules}");
    }
    assert!(
        AuditPolicy::load(&object(
            "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: []\n"
        ))
        .is_err()
    );
    assert!(
        AuditPolicy::load(&object(
            "apiVersion: audit.k8s.io/v1beta1\nkind: Policy\nrules: [{level: None}]\n"
        ))
        .is_err()
    );
    // Unknown fields are only warned about.
    assert!(AuditPolicy::load(&policy("- {level: None, verbz: [get]}")).is_ok());
}

/// Resource, verb, user and body of everything that is written with a value.
fn leaks(rules: &str) -> Vec<String> {
    let object = policy(rules);
    let policy = AuditPolicy::load(&object).unwrap();
    let mut leaks: Vec<String> = policy
        .bodies()
        .0
        .iter()
        .filter(|logged| logged.body != LoggedBody::Nothing && logged.resource.is_secret)
        .map(|logged| {
            format!(
                "{} {} {:?}",
                logged.decision.verb, logged.resource.resource, logged.body
            )
        })
        .collect();
    leaks.sort();
    leaks.dedup();
    leaks
}

#[test]
fn bodies_follow_level_and_verb() {
    assert!(leaks("- {level: Metadata}").is_empty());
    assert_eq!(
        leaks("- {level: Request, resources: [{group: ''}, {group: authentication.k8s.io}]}"),
        [
            "create secrets Request",
            "create tokenreviews Request",
            "patch secrets Request",
            "update secrets Request"
        ]
    );
    assert_eq!(
        leaks(
            "- {level: RequestResponse, resources: [{group: '', resources: [secrets, serviceaccounts/token]}]}"
        ),
        [
            "create secrets Both",
            "create serviceaccounts Answer",
            "delete secrets Answer",
            "deletecollection secrets Answer",
            "get secrets Answer",
            "list secrets Answer",
            "patch secrets Both",
            "update secrets Both"
        ]
    );
    // The usual good policy: Secrets first, at Metadata.
    assert!(leaks("- {level: Metadata, resources: [{group: '', resources: [secrets, configmaps, serviceaccounts/token]}, {group: authentication.k8s.io, resources: [tokenreviews]}]}\n- {level: RequestResponse}").is_empty());
}

#[test]
fn somebody_is_always_left_for_a_later_rule() {
    // Only one group is spared; everybody else's requests are written in full.
    let good_for_some = "- {level: Metadata, userGroups: ['system:serviceaccounts'], resources: [{group: ''}]}\n- {level: RequestResponse, verbs: [get], resources: [{group: '', resources: [secrets]}]}";
    assert_eq!(leaks(good_for_some), ["get secrets Answer"]);
    let one_namespace = "- {level: RequestResponse, verbs: [get], namespaces: [data], resources: [{group: '', resources: [secrets]}]}\n- {level: Metadata}";
    assert_eq!(leaks(one_namespace), ["get secrets Answer"]);
    let one_name = "- {level: Metadata, resources: [{group: '', resources: [secrets], resourceNames: [a]}]}\n- {level: RequestResponse, verbs: [get]}";
    assert!(leaks(one_name).contains(&"get secrets Answer".to_owned()));
    let one_user = "- {level: RequestResponse, verbs: [get], users: [bob], resources: [{group: '', resources: [secrets]}]}\n- {level: Metadata}";
    assert_eq!(leaks(one_user), ["get secrets Answer"]);
    let both = "- {level: RequestResponse, verbs: [get], users: [bob], userGroups: [ops]}\n- {level: Metadata}";
    assert_eq!(leaks(both), ["get secrets Answer"]);
}

#[test]
fn decisions_tell_the_control_plane_from_others() {
    let object = policy(
        "- {level: None, userGroups: ['system:nodes']}\n- {level: None, users: ['system:serviceaccount:data:etl'], resources: [{group: '', resources: [secrets]}]}\n- {level: Metadata}",
    );
    let policy = AuditPolicy::load(&object).unwrap();
    let (decisions, is_complete) = policy.decisions(&SENSITIVE[0]);
    assert!(is_complete);
    let mut silenced: Vec<_> = decisions
        .iter()
        .filter(|decision| decision.rule.is_none_or(|rule| rule.level == Level::None))
        .map(|decision| {
            (
                decision.user.name.as_str(),
                decision.user.is_control_plane(),
            )
        })
        .collect();
    silenced.sort_unstable();
    silenced.dedup();
    assert_eq!(
        silenced,
        [
            ("system:node:any", true),
            ("system:serviceaccount:data:etl", false)
        ]
    );
}

#[test]
fn many_names_are_bounded() {
    let users: Vec<String> = (0..2000).map(|n| format!("u{n}")).collect();
    let object = policy(&format!(
        "- {{level: None, users: [{}]}}\n- {{level: Request}}",
        users.join(", ")
    ));
    let policy = AuditPolicy::load(&object).unwrap();
    let (decisions, is_complete) = policy.decisions(&SENSITIVE[0]);
    assert!(!is_complete && !decisions.is_empty());
}
