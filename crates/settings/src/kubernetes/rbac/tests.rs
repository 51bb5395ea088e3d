use super::*;
use crate::kubernetes::object::Object;
use crate::kubernetes::sample::objects;

/// Objects of the RBAC group from `kind namespace/name body` blocks.
fn parse(text: &str) -> Vec<Object> {
    objects(&text.replace("%", "apiVersion: rbac.authorization.k8s.io/v1\nkind: "))
}

fn bound(rules: &str) -> String {
    format!(
        "%Role\nmetadata: {{namespace: data, name: r}}\nrules: [{rules}]\n---\n%RoleBinding\nmetadata: {{namespace: data, name: b}}\nroleRef: {{kind: Role, name: r}}\nsubjects: [{{kind: ServiceAccount, name: spark, namespace: data}}]\n"
    )
}

/// Whether the rules allow, as the real authorizer answered for the same rules.
fn allows(rule: &str, request: (&str, &str, &str)) -> bool {
    let objects = parse(&bound(rule));
    let graph = Graph::new(&objects);
    graph
        .grants()
        .any(|grant| grant.rule.allows(request.0, request.1, request.2, None))
}

#[test]
fn wildcards_match_as_the_authorizer_matches() {
    let requests = [
        ("get", "", "pods"),
        ("create", "", "pods/exec"),
        ("get", "", "pods/log"),
        ("get", "", "secrets"),
        ("frobnicate", "", "secrets"),
    ];
    for (resources, verbs, expected) in [
        ("[pods]", "['*']", [true, false, false, false, false]),
        ("['pods/*']", "['*']", [false; 5]),
        ("['*/exec']", "['*']", [false, true, false, false, false]),
        ("['*']", "['*']", [true; 5]),
        ("['*/*']", "['*']", [false; 5]),
        ("['sec*']", "['*']", [false; 5]),
        ("[secret]", "['*']", [false; 5]),
        ("[secrets]", "['get*']", [false; 5]),
        ("[secrets]", "[GET]", [false; 5]),
    ] {
        let rule = format!("{{apiGroups: [''], resources: {resources}, verbs: {verbs}}}");
        assert_eq!(
            requests.map(|request| allows(&rule, request)),
            expected,
            "{rule}"
        );
    }
    assert!(allows(
        "{apiGroups: ['*'], resources: [secrets], verbs: [get]}",
        ("get", "", "secrets")
    ));
    assert!(!allows(
        "{apiGroups: [apps], resources: [secrets], verbs: [get]}",
        ("get", "", "secrets")
    ));
}

#[test]
fn names_restrict_by_what_a_request_can_carry() {
    let objects = parse(&bound(
        "{apiGroups: [''], resources: [secrets, serviceaccounts/token], verbs: [get, list, create, deletecollection], resourceNames: [s3-key]}",
    ));
    let graph = Graph::new(&objects);
    let grant = graph.grants().next().unwrap();
    for (verb, resource, expected) in [
        ("get", "secrets", Some("s3-key")),
        ("list", "secrets", Some("s3-key")),
        ("create", "secrets", None),
        ("deletecollection", "secrets", None),
        ("create", "serviceaccounts/token", Some("s3-key")),
        ("patch", "secrets", None),
    ] {
        let name = match grant.reach(verb, "", resource) {
            Reach::Named(names) => Some(names[0].text),
            Reach::Nothing => None,
            Reach::Everything => panic!("{verb} reaches everything"),
        };
        assert_eq!(name, expected, "{verb} {resource}");
    }
    assert!(grant.rule.allows("get", "", "secrets", Some("s3-key")));
    assert!(!grant.rule.allows("get", "", "secrets", Some("other")));
    assert!(!grant.rule.allows("list", "", "secrets", None));
    // A star is no wildcard among names.
    assert!(!allows(
        "{apiGroups: [''], resources: [secrets], verbs: [get], resourceNames: ['*']}",
        ("get", "", "secrets")
    ));
}

#[test]
fn paths_match_by_prefix() {
    let rule = |urls: &str, path: &str| {
        let text = format!(
            "%ClusterRole\nmetadata: {{name: c}}\nrules: [{{nonResourceURLs: [{urls}], verbs: [get]}}]\n---\n%ClusterRoleBinding\nmetadata: {{name: b}}\nroleRef: {{kind: ClusterRole, name: c}}\nsubjects: [{{kind: Group, name: g}}]\n"
        );
        let objects = parse(&text);
        Graph::new(&objects)
            .grants()
            .any(|grant| grant.allows_url("get", path))
    };
    assert!(rule("'*'", "/metrics"));
    assert!(rule("'/met*'", "/metrics/cadvisor"));
    assert!(rule("'/metrics/*'", "/metrics/cadvisor"));
    assert!(!rule("'/metrics/*'", "/metrics"));
    assert!(rule("/metrics", "/metrics"));
    assert!(!rule("/metrics", "/metrics/"));
}

#[test]
fn scopes_come_from_bindings() {
    let text = "%ClusterRole\nmetadata: {name: c}\nrules: [{apiGroups: [''], resources: [secrets, nodes/proxy], verbs: [get]}, {nonResourceURLs: ['*'], verbs: ['*']}]\n---\n%RoleBinding\nmetadata: {namespace: data, name: b}\nroleRef: {kind: ClusterRole, name: c}\nsubjects: [{kind: ServiceAccount, name: spark}, {kind: User, name: 'system:serviceaccount:ops:helm'}]\n---\n%ClusterRoleBinding\nmetadata: {name: wrong}\nroleRef: {kind: Role, name: c}\nsubjects: [{kind: User, name: eve}]\n";
    let objects = parse(text);
    let graph = Graph::new(&objects);
    assert_eq!(graph.bindings().len(), 1);
    let grants: Vec<_> = graph.grants().collect();
    assert_eq!(grants.len(), 4);
    assert_eq!(grants[0].subject.to_string(), "ServiceAccount data/spark");
    assert_eq!(grants[2].subject, &RbacSubject::account("ops", "helm"));
    assert!(grants[0].holds_in("data") && !grants[0].holds_in("other"));
    assert!(grants[0].stays_at_home() && !grants[2].stays_at_home());
    assert!(grants[0].reaches("get", "", "secrets"));
    // A node has no namespace, and neither has a path.
    assert!(!grants[0].reaches("get", "", "nodes/proxy"));
    assert!(!grants[1].allows_url("get", "/metrics"));
}

#[test]
fn places_point_at_the_words() {
    let text = bound("{apiGroups: [''], resources: [pods, secrets], verbs: [list, '*']}")
        .replace('%', "apiVersion: rbac.authorization.k8s.io/v1\nkind: ");
    let objects = objects(&text);
    let graph = Graph::new(&objects);
    let grant = graph.grants().next().unwrap();
    let words = grant.rule.matching_resource("get", "", "secrets").unwrap();
    let slices = words.map(|word| &text[word.place.unwrap().span.range()]);
    assert_eq!(slices, ["'*'", "''", "secrets"]);
    assert_eq!(&text[grant.subject_place.span.range()], "spark");
    assert_eq!(&text[grant.binding.role_place.span.range()], "r");
    assert_eq!(grant.rule.stars().count(), 1);
}

#[test]
fn shipped_roles_are_known_without_being_declared() {
    let objects = parse(
        "%RoleBinding\nmetadata: {namespace: data, name: b}\nroleRef: {kind: ClusterRole, name: edit}\nsubjects: [{kind: ServiceAccount, name: spark}]\n",
    );
    let graph = Graph::new(&objects);
    let rules = |name: &str| {
        let role = graph.roles().iter().find(|role| role.name == name).unwrap();
        assert_eq!(graph.shipped(role), Shipped::Unchanged);
        graph.rules(role).count()
    };
    // As on a running 1.37.2.
    assert_eq!(
        (
            rules("view"),
            rules("edit"),
            rules("admin"),
            rules("cluster-admin")
        ),
        (12, 27, 29, 2)
    );
    let allows = |verb: &str, group: &str, resource: &str| {
        graph
            .grants()
            .any(|grant| grant.reaches(verb, group, resource))
    };
    assert!(allows("list", "", "secrets") && allows("deletecollection", "", "secrets"));
    assert!(allows("create", "", "pods/exec") && allows("impersonate", "", "serviceaccounts"));
    assert!(allows("create", "", "serviceaccounts/token") && allows("get", "", "pods"));
    assert!(!allows(
        "create",
        "rbac.authorization.k8s.io",
        "rolebindings"
    ));
    assert!(!allows("get", "sparkoperator.k8s.io", "sparkapplications"));
}

#[test]
fn labelled_roles_join_view_edit_and_admin() {
    let objects = parse(
        "%ClusterRole\nmetadata: {name: spark-view, labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}\nrules: [{apiGroups: [''], resources: [secrets], verbs: [get]}]\n---\n%ClusterRole\nmetadata: {name: not-yes, labels: {rbac.authorization.k8s.io/aggregate-to-view: 'yes'}}\nrules: [{apiGroups: [''], resources: [nodes], verbs: [get]}]\n",
    );
    let graph = Graph::new(&objects);
    // `edit` and `admin` read Secrets anyway, so that only `view` allows more than it is shipped with.
    for (name, state) in [
        ("view", Shipped::Widened),
        ("edit", Shipped::Unchanged),
        ("admin", Shipped::Unchanged),
    ] {
        let role = graph.roles().iter().find(|role| role.name == name).unwrap();
        let allows = |resource: &str| {
            graph
                .rules(role)
                .any(|rule| rule.place.is_some() && rule.allows("get", "", resource, None))
        };
        assert!(allows("secrets") && !allows("nodes"), "{name}");
        assert_eq!(graph.shipped(role), state, "{name}");
    }
}

#[test]
fn own_aggregations_are_followed_in_circles_too() {
    let objects = parse(
        "%ClusterRole\nmetadata: {name: a, labels: {to: b}}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {to: a}}]}\nrules: [{apiGroups: [''], resources: [overwritten], verbs: [get]}]\n---\n%ClusterRole\nmetadata: {name: b, labels: {to: a}}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {to: b}}, {matchExpressions: [{key: extra, operator: Exists}]}]}\n---\n%ClusterRole\nmetadata: {name: leaf, labels: {to: a}}\nrules: [{apiGroups: [''], resources: [secrets], verbs: [get]}]\n---\n%ClusterRole\nmetadata: {name: other, labels: {extra: x}}\nrules: [{apiGroups: [''], resources: [pods], verbs: [get]}]\n---\n%ClusterRole\nmetadata: {name: filled}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {nobody: has}}]}\nrules: [{apiGroups: [''], resources: [kept], verbs: [get]}]\n",
    );
    let graph = Graph::new(&objects);
    assert!(graph.is_whole());
    let resources = |name: &str| {
        let role = graph.roles().iter().find(|role| role.name == name).unwrap();
        let mut resources: Vec<_> = graph
            .rules(role)
            .flat_map(|rule| &rule.resources)
            .map(|term| term.text)
            .collect();
        resources.sort_unstable();
        resources
    };
    assert_eq!(resources("a"), ["pods", "secrets"]);
    assert_eq!(resources("b"), ["pods", "secrets"]);
    assert_eq!(resources("filled"), ["kept"]);
}

#[test]
fn missing_rules_of_shipped_roles_come_back_and_added_ones_stay() {
    let declared = |annotation: &str| {
        parse(&format!(
            "%ClusterRole\nmetadata: {{name: 'system:public-info-viewer', annotations: {{rbac.authorization.kubernetes.io/autoupdate: '{annotation}'}}}}\nrules: [{{nonResourceURLs: ['/metrics'], verbs: [get]}}]\n---\n%ClusterRoleBinding\nmetadata: {{name: 'system:public-info-viewer'}}\nroleRef: {{kind: ClusterRole, name: 'system:public-info-viewer'}}\nsubjects: [{{kind: Group, name: 'system:unauthenticated'}}]\n"
        ))
    };
    let objects = declared("true");
    let graph = Graph::new(&objects);
    assert!(
        graph
            .grants()
            .any(|grant| grant.allows_url("get", "/healthz"))
    );
    assert_eq!(
        graph.anonymous_reach(&graph.bindings()[0]),
        Some(AnonymousReach::Beyond)
    );
    let objects = declared("false");
    assert!(
        !Graph::new(&objects)
            .grants()
            .any(|grant| grant.allows_url("get", "/healthz"))
    );
}

fn binding(kind: &str, name: &str, role: &str, subject: &str) -> String {
    format!(
        "%{kind}\nmetadata: {{name: '{name}', namespace: kube-public}}\nroleRef: {{kind: {role}}}\nsubjects: [{subject}]\n"
    )
}

#[test]
fn defaults_are_told_from_look_alikes() {
    let masters = "{kind: Group, name: 'system:masters'}";
    for (text, expected) in [
        (
            binding(
                "ClusterRoleBinding",
                "cluster-admin",
                "ClusterRole, name: cluster-admin",
                masters,
            ),
            true,
        ),
        (
            binding(
                "ClusterRoleBinding",
                "other",
                "ClusterRole, name: cluster-admin",
                masters,
            ),
            false,
        ),
        (
            binding(
                "ClusterRoleBinding",
                "cluster-admin",
                "ClusterRole, name: cluster-admin",
                "{kind: User, name: 'system:masters'}",
            ),
            false,
        ),
        (
            binding(
                "ClusterRoleBinding",
                "kubeadm:cluster-admins",
                "ClusterRole, name: cluster-admin",
                "{kind: Group, name: 'kubeadm:cluster-admins'}",
            ),
            true,
        ),
        (
            binding(
                "ClusterRoleBinding",
                "system:discovery",
                "ClusterRole, name: 'system:discovery'",
                "{kind: Group, name: 'system:authenticated'}",
            ),
            true,
        ),
        (
            binding(
                "RoleBinding",
                "system:discovery",
                "ClusterRole, name: 'system:discovery'",
                "{kind: Group, name: 'system:authenticated'}",
            ),
            false,
        ),
    ] {
        let objects = parse(&text);
        let graph = Graph::new(&objects);
        let grant = graph.grants().next().unwrap();
        assert_eq!(graph.is_default(&grant), expected, "{text}");
    }
}

#[test]
fn anonymous_bindings_are_graded() {
    let anonymous = "{kind: User, name: 'system:anonymous'}";
    let cluster_info = |rules: &str| {
        format!(
            "{}---\n%Role\nmetadata: {{namespace: kube-public, name: 'kubeadm:bootstrap-signer-clusterinfo'}}\nrules: [{rules}]\n",
            binding(
                "RoleBinding",
                "kubeadm:bootstrap-signer-clusterinfo",
                "Role, name: 'kubeadm:bootstrap-signer-clusterinfo'",
                anonymous
            )
        )
    };
    let exact =
        "{apiGroups: [''], resources: [configmaps], resourceNames: [cluster-info], verbs: [get]}";
    for (text, expected) in [
        (cluster_info(exact), AnonymousReach::Accepted),
        (
            cluster_info("{apiGroups: [''], resources: [configmaps], verbs: [get]}"),
            AnonymousReach::Beyond,
        ),
        (
            cluster_info(&format!("{exact}, {exact}")),
            AnonymousReach::Beyond,
        ),
        (
            binding(
                "ClusterRoleBinding",
                "x",
                "ClusterRole, name: 'system:public-info-viewer'",
                anonymous,
            ),
            AnonymousReach::Accepted,
        ),
        (
            binding(
                "ClusterRoleBinding",
                "x",
                "ClusterRole, name: 'system:service-account-issuer-discovery'",
                anonymous,
            ),
            AnonymousReach::PublicKeys,
        ),
        (
            binding(
                "ClusterRoleBinding",
                "x",
                "ClusterRole, name: 'system:discovery'",
                anonymous,
            ),
            AnonymousReach::Discovery,
        ),
        (
            binding(
                "ClusterRoleBinding",
                "x",
                "ClusterRole, name: view",
                anonymous,
            ),
            AnonymousReach::Beyond,
        ),
        (
            binding(
                "ClusterRoleBinding",
                "x",
                "ClusterRole, name: not-read",
                anonymous,
            ),
            AnonymousReach::Beyond,
        ),
    ] {
        let objects = parse(&text);
        let graph = Graph::new(&objects);
        assert_eq!(
            graph.anonymous_reach(&graph.bindings()[0]),
            Some(expected),
            "{text}"
        );
    }
    let objects = parse(&binding(
        "ClusterRoleBinding",
        "x",
        "ClusterRole, name: view",
        "{kind: Group, name: 'system:authenticated'}",
    ));
    let graph = Graph::new(&objects);
    assert_eq!(graph.anonymous_reach(&graph.bindings()[0]), None);
}

#[test]
fn groups_include_accounts() {
    let account = |subject: RbacSubject| subject.includes_account("data", "spark");
    assert!(account(RbacSubject::group("system:serviceaccounts")));
    assert!(account(RbacSubject::group("system:serviceaccounts:data")));
    assert!(account(RbacSubject::group("system:authenticated")));
    assert!(!account(RbacSubject::group("system:serviceaccounts:other")));
    assert!(!account(RbacSubject::group("system:serviceaccountsdata")));
    assert!(account(RbacSubject::account("data", "spark")));
    assert!(!account(RbacSubject::account("other", "spark")));
}

#[test]
fn an_unknown_role_grants_nothing_and_says_so() {
    let objects = parse(&binding(
        "ClusterRoleBinding",
        "x",
        "ClusterRole, name: operator",
        "{kind: User, name: eve}",
    ));
    let graph = Graph::new(&objects);
    assert!(!graph.bindings()[0].is_resolved());
    assert_eq!(graph.grants().count(), 0);
}

#[test]
fn odd_objects_are_passed_over() {
    let objects = parse(
        "%Role\nrules: text\n---\n%RoleBinding\nroleRef: [1]\n---\n%ClusterRoleBinding\nroleRef: {kind: ClusterRole, name: view}\nsubjects: [1, {kind: User}, {kind: ServiceAccount, name: no-namespace}, {kind: Robot, name: x}]\n",
    );
    let graph = Graph::new(&objects);
    assert_eq!(graph.bindings().len(), 1);
    assert_eq!(graph.grants().count(), 0);
}
