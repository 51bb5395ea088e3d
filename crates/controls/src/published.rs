//! Services and routes that publish the ports of data systems.

use crate::judging_kubernetes::{objects_of, same_cluster};
use crate::pods::is_data_pod;
use model::Estate;
use settings::kubernetes::object::Object;
use settings::kubernetes::workload::{Pod, ServicePort, Workloads};
use text::Node;

/// Ports of Spark, Hadoop, YARN, KMS, Thrift and etcd (catalogue, k8s/exposed-endpoints).
pub const DATA_PORTS: [u16; 24] = [
    4040, 6066, 7077, 8020, 8042, 8088, 9000, 9600, 9864, 9865, 9866, 9867, 9868, 9869, 9870, 9871,
    10000, 15002, 18080, 19888, 50070, 50075, 2379, 14000,
];

/// Of these, the ones that show pages or take commands over HTTP.
pub const WEB_PORTS: [u16; 14] = [
    4040, 6066, 8042, 8088, 9600, 9864, 9868, 9870, 18080, 19888, 50070, 50075, 14000, 9865,
];

/// Whether a Service stands before a data system: its pods are, or its own name says so where no pod was read.
#[must_use]
pub fn is_data_service(workloads: &Workloads<'_>, service: &Object) -> bool {
    let mut pods = workloads.pods_of(service).peekable();
    if pods.peek().is_some() {
        return pods.any(|pod| pod.templates.iter().any(is_data_pod));
    }
    let name = service.name.to_ascii_lowercase();
    [
        "spark",
        "hadoop",
        "hdfs",
        "namenode",
        "datanode",
        "yarn",
        "resourcemanager",
        "kms",
        "thrift",
        "history",
        "hive",
        "etcd",
    ]
    .iter()
    .any(|word| {
        name.split(|c: char| !c.is_ascii_alphanumeric())
            .any(|part| part == *word || part.starts_with(word))
    })
}

/// The pod's port behind a Service's port: by its pods where a name is given, else the number.
#[must_use]
pub fn target(workloads: &Workloads<'_>, service: &Object, port: &ServicePort<'_>) -> Option<u16> {
    workloads
        .pods_of(service)
        .find_map(|pod| resolve(port, pod))
        .or(match port.target {
            settings::kubernetes::workload::PortTarget::Number(number) => Some(number),
            // A name without a pod that has it: the Service's own number is the best that is known.
            settings::kubernetes::workload::PortTarget::Name(_) => port.port,
            settings::kubernetes::workload::PortTarget::Unknown => None,
        })
}

fn resolve<'o>(port: &ServicePort<'_>, pod: &Pod<'o>) -> Option<u16> {
    match port.target {
        settings::kubernetes::workload::PortTarget::Number(number) => Some(number),
        settings::kubernetes::workload::PortTarget::Name(name) => pod
            .containers()
            .iter()
            .flat_map(|container| container.ports())
            .find(|candidate| candidate.get("name").and_then(Node::str) == Some(name))
            .and_then(|candidate| candidate.get("containerPort"))
            .and_then(Node::int)
            .and_then(|number| u16::try_from(number).ok()),
        settings::kubernetes::workload::PortTarget::Unknown => None,
    }
}

/// Settings that make a data system ask who is calling. A text that holds one is taken for a system that asks.
const ASKING: [&str; 9] = [
    "spark.ui.filters",
    "spark.connect.authenticate.token",
    "SPARK_CONNECT_AUTHENTICATE_TOKEN",
    "spark.master.rest.filters",
    "AuthenticationFilterInitializer",
    "KERBEROS",
    "LDAP",
    "--client-cert-auth",
    "--trusted-ca-file",
];

/// Whether the pods behind a Service are told to ask who is calling, by their own object or a ConfigMap they mount.
#[must_use]
pub fn asks_who_calls(estate: &Estate, workloads: &Workloads<'_>, service: &Object) -> bool {
    workloads.pods_of(service).any(|pod| {
        if is_minio(pod) {
            return true;
        }
        let own = std::iter::once(pod.object);
        let maps: Vec<&str> = pod
            .templates
            .iter()
            .flat_map(|template| {
                template
                    .volumes()
                    .iter()
                    .flat_map(settings::kubernetes::pod::Volume::config_maps)
                    .collect::<Vec<_>>()
            })
            .filter_map(Node::text)
            .chain(
                ["sparkConfigMap", "hadoopConfigMap"]
                    .into_iter()
                    .filter_map(|field| pod.object.at(&["spec", field]).and_then(Node::text)),
            )
            .collect();
        let mounted = objects_of(estate, pod.object.cluster).filter(|object| {
            object.is("", "ConfigMap")
                && same_cluster(object.cluster, pod.object.cluster)
                && object.namespace_or_default() == pod.object.namespace_or_default()
                && maps.contains(&&*object.name)
        });
        own.chain(mounted)
            .any(|object| holds_asking(estate, object))
    })
}

/// MinIO always asks for a signed request; what a bucket's policy opens is another question (s3/public-access).
fn is_minio(pod: &Pod<'_>) -> bool {
    pod.containers().iter().any(|container| {
        container.image().and_then(Node::text).is_some_and(|image| {
            let path = image.split(['@', ':']).next().unwrap_or(image);
            path == "minio" || path.ends_with("/minio")
        })
    })
}

fn holds_asking(estate: &Estate, object: &Object) -> bool {
    let place = model::Place::new(object.source, object.document);
    let text = estate.sources.slice(place);
    ASKING.iter().any(|word| text.contains(word))
}
