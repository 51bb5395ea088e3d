use super::*;
use crate::kubernetes::object::Object;
use crate::kubernetes::sample::objects;

fn names<'o>(objects: impl Iterator<Item = &'o Object>) -> Vec<&'o str> {
    objects.map(|object| &*object.name).collect()
}

fn pod(namespace: &str, name: &str, labels: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{namespace: {namespace}, name: {name}, labels: {labels}}}\nspec: {{containers: [{{name: c, ports: [{{name: http, containerPort: 9870, protocol: UDP}}, {{name: http, containerPort: 9871}}]}}]}}\n---\n"
    )
}

fn service(name: &str, spec: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{namespace: data, name: {name}}}\nspec: {spec}\n---\n"
    )
}

fn policy(name: &str, spec: &str) -> String {
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{namespace: data, name: {name}}}\nspec: {spec}\n---\n"
    )
}

#[test]
fn services_select_by_labels_in_their_namespace() {
    let text = [
        pod("data", "nn", "{app: hdfs, role: nn}"),
        pod("other", "elsewhere", "{app: hdfs, role: nn}"),
        service("one", "{selector: {role: nn, app: hdfs}}"),
        service("wrong", "{selector: {app: hdfs, role: dn}}"),
        service("none", "{ports: [{port: 1}]}"),
        service("empty", "{selector: {}}"),
        service("name", "{type: ExternalName, selector: {app: hdfs}}"),
    ]
    .concat();
    let objects = objects(&text);
    let workloads = Workloads::new(&objects);
    assert_eq!(names(workloads.services_of(&workloads.pods()[0])), ["one"]);
    assert!(names(workloads.services_of(&workloads.pods()[1])).is_empty());
    let found: Vec<_> = workloads
        .pods_of(&objects[2])
        .map(|pod| &*pod.object.name)
        .collect();
    assert_eq!(found, ["nn"]);
    assert_eq!(workloads.pods_of(&objects[5]).count(), 0);
}

#[test]
fn clusters_are_kept_apart_and_share_what_is_no_cluster_s_own() {
    let text = [
        pod("data", "nn", "{app: hdfs}"),
        service("one", "{selector: {app: hdfs}}"),
    ]
    .concat();
    let mut objects = objects(&text);
    objects[0].cluster = 2;
    for (cluster, expected) in [(1, 0), (2, 1), (0, 1)] {
        objects[1].cluster = cluster;
        let workloads = Workloads::new(&objects);
        assert_eq!(
            workloads.services_of(&workloads.pods()[0]).count(),
            expected
        );
        assert_eq!(workloads.pods_of(&objects[1]).count(), expected);
    }
}

#[test]
fn target_ports_are_resolved_through_the_pod() {
    let text = [
        pod("data", "nn", "{app: hdfs}"),
        service("one", "{selector: {app: hdfs}, ports: [{port: 80, targetPort: http}, {port: 80, targetPort: http, protocol: UDP}, {port: 8020}, {port: 1, targetPort: 50070, nodePort: 30070}, {port: 1, targetPort: nosuch}, {port: 99999}]}"),
    ]
    .concat();
    let objects = objects(&text);
    let workloads = Workloads::new(&objects);
    let ports = service_ports(&objects[1]);
    let resolved: Vec<_> = ports
        .iter()
        .map(|port| port.resolve(&workloads.pods()[0]))
        .collect();
    assert_eq!(
        resolved,
        [Some(9871), Some(9870), Some(8020), Some(50070), None, None]
    );
    assert_eq!(ports[3].node_port, Some(30070));
}

#[test]
fn policies_select_pods_for_ingress() {
    let text = [
        pod("data", "driver", "{app: spark, role: driver}"),
        pod("data", "nn", "{app: hdfs}"),
        policy("spark", "{podSelector: {matchLabels: {app: spark}}, ingress: [{from: [{podSelector: {}}]}]}"),
        policy("drivers", "{podSelector: {matchLabels: {app: spark}, matchExpressions: [{key: role, operator: NotIn, values: [driver]}]}}"),
        policy("by-expression", "{podSelector: {matchExpressions: [{key: role, operator: In, values: [driver]}]}, policyTypes: [Ingress, Egress]}"),
        policy("egress", "{podSelector: {}, policyTypes: [Egress]}"),
    ]
    .concat();
    let objects = objects(&text);
    let workloads = Workloads::new(&objects);
    let pods = workloads.pods();
    assert_eq!(
        names(workloads.policies_of(&pods[0])),
        ["spark", "by-expression"]
    );
    assert!(workloads.is_limited(&pods[0]));
    assert!(!workloads.is_limited(&pods[1]));
}

#[test]
fn a_policy_that_lets_everybody_in_limits_nothing() {
    for (ingress, limited) in [
        ("ingress: [{}]", false),
        ("ingress: [{from: []}]", false),
        ("ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]", false),
        (
            "ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]",
            true,
        ),
        ("ingress: [{ports: [{port: 443}]}]", true),
        ("ingress: [{from: [{namespaceSelector: {}}]}]", true),
        ("policyTypes: [Ingress]", true),
    ] {
        let text = [
            pod("data", "p", "{a: b}"),
            policy("n", &format!("{{podSelector: {{}}, {ingress}}}")),
        ]
        .concat();
        let objects = objects(&text);
        let workloads = Workloads::new(&objects);
        assert_eq!(
            workloads.is_limited(&workloads.pods()[0]),
            limited,
            "{ingress}"
        );
    }
    let all = objects(
        &[
            policy("deny", "{podSelector: {}, policyTypes: [Ingress]}"),
            policy("some", "{podSelector: {matchLabels: {a: b}}}"),
            policy("open", "{ingress: [{}]}"),
        ]
        .concat(),
    );
    let denies: Vec<_> = all.iter().map(is_default_deny).collect();
    assert_eq!(denies, [true, false, false]);
    assert_eq!(open_rules(&all[2]).len(), 1);
}

#[test]
fn operators_label_their_pods() {
    let text = [
        "apiVersion: sparkoperator.k8s.io/v1beta2\nkind: SparkApplication\nmetadata: {namespace: data, name: etl}\nspec: {driver: {labels: {team: a}, template: {metadata: {labels: {tier: x}}, spec: {containers: [{name: c}]}}}, executor: {}}\n---\n".to_owned(),
        service("ui", "{selector: {spark-role: driver, sparkoperator.k8s.io/app-name: etl}}"),
        service("own", "{selector: {tier: x, team: a}}"),
    ]
    .concat();
    let objects = objects(&text);
    let workloads = Workloads::new(&objects);
    let roles: Vec<_> = workloads.pods().iter().map(Pod::role).collect();
    assert_eq!(roles, [Some("driver"), Some("executor")]);
    assert_eq!(
        names(workloads.services_of(&workloads.pods()[0])),
        ["ui", "own"]
    );
    assert_eq!(workloads.pods()[0].templates.len(), 2);
    assert_eq!(workloads.services_of(&workloads.pods()[1]).count(), 0);
}

#[test]
fn ingresses_lead_through_services_to_pods() {
    let text = [
        pod("data", "nn", "{app: hdfs}"),
        service("ui", "{selector: {app: hdfs}, ports: [{name: web, port: 80, targetPort: http}]}"),
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {namespace: data, name: i}\nspec: {defaultBackend: {service: {name: absent, port: {number: 1}}}, rules: [{host: nn.example.test, http: {paths: [{path: /, backend: {service: {name: ui, port: {name: web}}}}]}}]}\n---\n".to_owned(),
        "apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {namespace: data, name: old}\nspec: {backend: {serviceName: ui, servicePort: 80}}\n".to_owned(),
    ]
    .concat();
    let objects = objects(&text);
    let workloads = Workloads::new(&objects);
    let routes: Vec<_> = workloads.routes().collect();
    assert_eq!(routes.len(), 3);
    assert!(routes[0].service.is_none());
    for route in &routes[1..] {
        let service = route.service.unwrap();
        let port = route.backend.service_port(service).unwrap();
        let pod = workloads.pods_of(service).next().unwrap();
        assert_eq!(port.resolve(pod), Some(9871));
    }
    assert_eq!(
        routes[1].backend.host.unwrap().str(),
        Some("nn.example.test")
    );
    assert!(routes[2].backend.host.is_none());
}
