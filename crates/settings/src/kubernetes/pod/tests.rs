use super::*;
use crate::kubernetes::object::Object;
use crate::kubernetes::sample::object;
use text::Node;

fn paths(object: &Object) -> Vec<(Option<&'static str>, String)> {
    pod_templates(object)
        .into_iter()
        .map(|template| (template.role, path_of(object, template.spec)))
        .collect()
}

/// The path on which a node of an object stands.
fn path_of(object: &Object, node: &Node) -> String {
    fn find(from: &Node, wanted: &Node, path: &str) -> Option<String> {
        if std::ptr::eq(from, wanted) {
            return Some(path.to_owned());
        }
        let fields = from.entries().iter().find_map(|entry| {
            let dot = if path.is_empty() { "" } else { "." };
            let path = format!("{path}{dot}{}", entry.key.text().unwrap());
            find(&entry.value, wanted, &path)
        });
        let items = from.items().iter().enumerate();
        fields.or_else(|| {
            items
                .map(|(index, item)| find(item, wanted, &format!("{path}[{index}]")))
                .find_map(|found| found)
        })
    }
    find(&object.root, node, "").unwrap()
}

fn texts<'n>(nodes: impl IntoIterator<Item = &'n Node>) -> Vec<&'n str> {
    nodes.into_iter().filter_map(Node::str).collect()
}

#[test]
fn built_in_kinds_have_their_pods_in_their_own_places() {
    for (head, path) in [
        ("apiVersion: v1\nkind: Pod\nspec: {containers: []}", "spec"),
        (
            "apiVersion: v1\nkind: PodTemplate\ntemplate: {spec: {}}",
            "template.spec",
        ),
        (
            "apiVersion: apps/v1\nkind: StatefulSet\nspec: {template: {spec: {}}}",
            "spec.template.spec",
        ),
        (
            "apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {}}}}}",
            "spec.jobTemplate.spec.template.spec",
        ),
    ] {
        assert_eq!(paths(&object(head)), [(None, path.to_owned())], "{head}");
    }
    assert!(
        paths(&object(
            "apiVersion: v1\nkind: Service\nspec: {template: {spec: {}}}"
        ))
        .is_empty()
    );
    // Another group's kind of the same name is another thing.
    assert!(
        paths(&object(
            "apiVersion: example.org/v1\nkind: Job\nspec: {template: {spec: {}}}"
        ))
        .is_empty()
    );
}

#[test]
fn custom_resources_have_several() {
    let ray = object(
        "apiVersion: ray.io/v1\nkind: RayCluster\nspec: {headGroupSpec: {template: {spec: {}}}, workerGroupSpecs: [{template: {spec: {}}}, {template: {spec: {}}}]}",
    );
    assert_eq!(
        paths(&ray),
        [
            (Some("head"), "spec.headGroupSpec.template.spec".to_owned()),
            (
                Some("worker"),
                "spec.workerGroupSpecs[0].template.spec".to_owned()
            ),
            (
                Some("worker"),
                "spec.workerGroupSpecs[1].template.spec".to_owned()
            ),
        ]
    );
    let job = object(
        "apiVersion: kubeflow.org/v1\nkind: PyTorchJob\nspec: {pytorchReplicaSpecs: {Master: {template: {spec: {}}}, Worker: {replicas: 2}}}",
    );
    assert_eq!(
        paths(&job),
        [(
            None,
            "spec.pytorchReplicaSpecs.Master.template.spec".to_owned()
        )]
    );
    let apache = object(
        "apiVersion: spark.apache.org/v1\nkind: SparkCluster\nspec: {workerSpec: {statefulSetSpec: {template: {spec: {}}}}}",
    );
    assert_eq!(paths(&apache)[0].0, Some("worker"));
}

const KUBEFLOW: &str = "
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: etl, namespace: data}
spec:
  imagePullSecrets: [registry-login]
  volumes:
  - {name: keys, secret: {secretName: tls-keys}}
  - {name: scratch, emptyDir: {}}
  driver:
    serviceAccount: spark
    labels: {app: etl}
    hostNetwork: true
    podSecurityContext: {runAsUser: 185}
    env:
    - {name: A, value: literal}
    - {name: B, valueFrom: {secretKeyRef: {name: s3, key: secret}}}
    envFrom: [{secretRef: {name: all-of-it}}]
    envVars: {C: c}
    envSecretKeyRefs: {D: {name: old-way, key: k}}
    secrets: [{name: keytab, path: /k, secretType: HadoopDelegationToken}]
    volumeMounts: [{name: keys, mountPath: /keys}]
    sidecars: [{name: proxy, image: 'envoy:1'}]
    initContainers: [{name: prepare}]
    template: {metadata: {labels: {tier: driver}}, spec: {runtimeClassName: kata-qemu-tdx, containers: [{name: spark-kubernetes-driver}]}}
  executor: {instances: 2}
";

#[test]
fn a_kubeflow_role_is_a_pod_and_a_container_in_one() {
    let application = object(KUBEFLOW);
    let templates = pod_templates(&application);
    let forms: Vec<_> = templates.iter().map(|t| (t.role, t.form)).collect();
    assert_eq!(
        forms,
        [
            (Some("driver"), Form::KubeflowSpark),
            (Some("executor"), Form::KubeflowSpark),
            (Some("driver"), Form::PodSpec),
        ]
    );
    let driver = &templates[0];
    let names: Vec<_> = driver
        .containers()
        .iter()
        .map(|c| (c.name(), c.kind))
        .collect();
    assert_eq!(
        names,
        [
            ("", ContainerKind::Main),
            ("proxy", ContainerKind::Main),
            ("prepare", ContainerKind::Init)
        ]
    );
    assert_eq!(driver.service_account_name().unwrap().str(), Some("spark"));
    assert_eq!(
        driver
            .field("securityContext")
            .unwrap()
            .get("runAsUser")
            .unwrap()
            .int(),
        Some(185)
    );
    assert!(driver.is_set("hostNetwork"));
    assert_eq!(driver.labels().next().unwrap().0, "app");
    assert_eq!(templates[2].labels().next().unwrap().0, "tier");
    assert_eq!(driver.qualified_name(), "data/etl (driver)");
    assert_eq!(
        path_of(&application, templates[2].spec),
        "spec.driver.template.spec"
    );
}

#[test]
fn every_way_to_a_secret_is_found() {
    let application = object(KUBEFLOW);
    let templates = pod_templates(&application);
    let found: Vec<_> = templates[0]
        .secrets()
        .iter()
        .map(|s| (s.name.str().unwrap(), s.usage))
        .collect();
    assert_eq!(
        found,
        [
            ("tls-keys", SecretUse::Volume),
            ("keytab", SecretUse::Volume),
            ("s3", SecretUse::Environment),
            ("all-of-it", SecretUse::Environment),
            ("old-way", SecretUse::Environment),
            ("registry-login", SecretUse::ImagePull),
        ]
    );
    // The executor mounts none of the application's volumes.
    assert!(templates[1].volumes().is_empty());

    let pod = object(
        "apiVersion: v1\nkind: Pod\nspec:\n  imagePullSecrets: [{name: pull}]\n  volumes:\n  - {name: a, projected: {sources: [{secret: {name: in-projection}}, {configMap: {name: cm}}]}}\n  - {name: b, csi: {driver: x, nodePublishSecretRef: {name: login}}}\n  - {name: c, hostPath: {path: /var}}\n",
    );
    let template = &pod_templates(&pod)[0];
    assert_eq!(
        texts(template.secrets().iter().map(|s| s.name)),
        ["in-projection", "login", "pull"]
    );
    assert_eq!(
        texts(template.volumes().iter().flat_map(Volume::config_maps)),
        ["cm"]
    );
    assert_eq!(
        texts(template.volumes().iter().filter_map(Volume::host_path)),
        ["/var"]
    );
}

#[test]
fn variables_tell_what_fills_them() {
    let application = object(KUBEFLOW);
    let variables = pod_templates(&application)[0].env();
    let literal: Vec<_> = variables
        .iter()
        .filter_map(|variable| match variable.source {
            EnvironmentSource::Value(value) => Some((variable.name, value.str().unwrap())),
            _ => None,
        })
        .collect();
    assert_eq!(literal, [("A", "literal"), ("C", "c")]);
}

#[test]
fn a_workflow_shares_settings_with_its_templates() {
    let workflow = object(
        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  serviceAccountName: runner\n  volumes: [{name: v, secret: {secretName: shared}}]\n  templates:\n  - {name: one, container: {image: a, env: [{name: X, value: y}]}, sidecars: [{name: s}]}\n  - {name: two, serviceAccountName: other, script: {image: b, command: [sh]}, automountServiceAccountToken: false}\n  - {name: three, steps: []}\n",
    );
    let templates = pod_templates(&workflow);
    assert_eq!(templates.len(), 3);
    assert_eq!(
        templates[0].service_account_name().unwrap().str(),
        Some("runner")
    );
    assert_eq!(
        templates[1].service_account_name().unwrap().str(),
        Some("other")
    );
    assert!(!templates[1].automount().unwrap().0);
    assert_eq!(templates[0].automount().map(|(set, _)| set), None);
    assert_eq!(templates[0].containers().len(), 2);
    assert_eq!(
        path_of(&workflow, templates[1].containers()[0].node),
        "spec.templates[1].script"
    );
    assert_eq!(
        texts(templates[0].secrets().iter().map(|s| s.name)),
        ["shared"]
    );
    assert!(templates[2].containers().is_empty());
}

#[test]
fn the_command_line_is_command_then_args() {
    let pod = object(
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, args: [--x], command: [run]}], ephemeralContainers: [{name: debug}]}",
    );
    let template = &pod_templates(&pod)[0];
    let containers = template.containers();
    assert_eq!(texts(containers[0].command_line()), ["run", "--x"]);
    assert_eq!(containers[1].kind, ContainerKind::Ephemeral);
}

#[test]
fn odd_shapes_are_no_pods() {
    for text in [
        "apiVersion: v1\nkind: Pod\nspec: text",
        "apiVersion: apps/v1\nkind: Deployment\nspec: {template: [1]}",
        "apiVersion: ray.io/v1\nkind: RayCluster\nspec: {workerGroupSpecs: {a: b}}",
    ] {
        assert!(paths(&object(text)).is_empty(), "{text}");
    }
    let pod = object(
        "apiVersion: v1\nkind: Pod\nspec: {containers: text, volumes: [1, {name: v}, {secret: {}}]}",
    );
    let template = &pod_templates(&pod)[0];
    assert!(template.containers().is_empty());
    assert_eq!(template.volumes().len(), 1);
    assert!(template.secrets().is_empty());
}
