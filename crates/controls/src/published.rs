//! Services and routes that publish the ports of data systems.

use crate::judging_kubernetes::{objects_of, same_cluster};
use crate::pods::is_data_pod;
use model::Estate;
use settings::kubernetes::object::Object;
use settings::kubernetes::workload::{Pod, ServicePort, Workloads, service_ports};
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

/// Words by which the Services of data systems are told where no pod was read.
const SERVICE_WORDS: [&str; 13] = [
    "spark",
    "hadoop",
    "hdfs",
    "namenode",
    "datanode",
    "yarn",
    "resourcemanager",
    "nodemanager",
    "kms",
    "thrift",
    "history",
    "hive",
    "etcd",
];

/// What people call the daemons of Hadoop and Spark for short, with the ports of each.
const SHORT_WORDS: [(&str, &[u16]); 5] = [
    ("nn", &[8020, 9000, 9870, 9871, 50070]),
    ("dn", &[9864, 9865, 9866, 9867, 50075]),
    ("rm", &[8088]),
    ("nm", &[8042]),
    ("shs", &[18080]),
];

/// Whether a Service stands before a data system: its pods are, or where no pod was read its own name or the labels that it
/// selects by say so.
#[must_use]
pub fn is_data_service(workloads: &Workloads<'_>, service: &Object) -> bool {
    let mut pods = workloads.pods_of(service).peekable();
    if pods.peek().is_some() {
        return pods.any(|pod| pod.templates.iter().any(is_data_pod));
    }
    let selected = service
        .at(&["spec", "selector"])
        .map_or(&[][..], Node::entries)
        .iter();
    let labels = selected
        .flat_map(|entry| [entry.key.text(), entry.value.text()])
        .flatten();
    let words: Vec<String> = std::iter::once(&*service.name)
        .chain(labels)
        .flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric()))
        .map(str::to_ascii_lowercase)
        .collect();
    let has_port = |ports: &[u16]| {
        service_ports(service)
            .iter()
            .filter_map(|port| target(workloads, service, port))
            .any(|port| ports.contains(&port))
    };
    words
        .iter()
        .any(|word| SERVICE_WORDS.iter().any(|known| word.starts_with(known)))
        || SHORT_WORDS
            .iter()
            .any(|(short, ports)| words.iter().any(|word| word == short) && has_port(ports))
}

/// Whether a load balancer is told to stay inside the network of its cloud.
#[must_use]
pub fn is_internal(service: &Object) -> bool {
    let value = |key: &str| service.annotation(key).and_then(Node::text);
    let class = service
        .at(&["spec", "loadBalancerClass"])
        .and_then(Node::text);
    // The AWS Load Balancer Controller makes internal ones unless it is told otherwise.
    let by_controller = class == Some("service.k8s.aws/nlb")
        || matches!(
            value("service.beta.kubernetes.io/aws-load-balancer-type"),
            Some("external" | "nlb-ip")
        );
    let scheme = value("service.beta.kubernetes.io/aws-load-balancer-scheme");
    let says = service.annotations().any(|(key, value)| {
        let value = value.text().unwrap_or_default().to_ascii_lowercase();
        match key {
            "service.beta.kubernetes.io/aws-load-balancer-internal"
            | "service.beta.kubernetes.io/azure-load-balancer-internal"
            | "service.beta.kubernetes.io/openstack-internal-load-balancer"
            | "service.beta.kubernetes.io/oci-load-balancer-internal" => {
                matches!(value.as_str(), "true" | "0.0.0.0/0")
            }
            "service.beta.kubernetes.io/aws-load-balancer-scheme"
            | "networking.gke.io/load-balancer-type"
            | "cloud.google.com/load-balancer-type" => value == "internal",
            "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type" => {
                value == "intranet"
            }
            "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type" => value == "private",
            _ => false,
        }
    });
    says || class == Some("tailscale") || (by_controller && scheme.is_none())
}

/// Whether a load balancer lets only some addresses in.
#[must_use]
pub fn has_narrow_sources(service: &Object) -> bool {
    let ranges = service
        .at(&["spec", "loadBalancerSourceRanges"])
        .map(Node::items)
        .unwrap_or_default();
    let is_everybody = |range: &str| matches!(range.trim(), "0.0.0.0/0" | "::/0");
    if !ranges.is_empty() {
        return !ranges.iter().filter_map(Node::text).any(is_everybody);
    }
    // The annotation that came before the field.
    service
        .annotation("service.beta.kubernetes.io/load-balancer-source-ranges")
        .and_then(Node::str)
        .is_some_and(|ranges| !ranges.split(',').any(is_everybody))
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
