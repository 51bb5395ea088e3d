//! Every release that the lab fetches, in one place.
//!
//! Java artefacts come through Maven, Spark through its Python package, Kubernetes, etcd and MinIO through Go modules, and the
//! rest (Kerberos, Ceph, OpenSSL, a JDK) from Debian, in whatever release the installed Debian has.

/// Hadoop releases, the main one first.
pub const HADOOP: [&str; 2] = ["3.4.1", "3.3.6"];
/// Spark releases, as versions of the Python package `pyspark`, the main one first.
pub const SPARK: [&str; 2] = ["3.5.9", "4.1.4"];
/// kube-apiserver, as a version of the Go module `k8s.io/kubernetes`.
pub const KUBERNETES: &str = "1.37.2";
/// etcd and etcdctl, as a version of the Go modules `go.etcd.io/etcd/...`.
pub const ETCD: &str = "3.6.16";
/// The Kubeflow Spark operator, as a version of the Go module `github.com/kubeflow/spark-operator/v2`, for its resource definitions.
pub const SPARK_OPERATOR: &str = "2.4.0";
/// The Maven plugin that lays out class paths.
pub const MAVEN_DEPENDENCY_PLUGIN: &str = "3.6.1";
/// MinIO, as the lab calls the release.
pub const MINIO: &str = "minio-2026-02-12";
/// The same as a version of the Go module `github.com/minio/minio`, which has none but of this form.
pub const MINIO_MODULE: &str = "v0.0.0-20260212201848-7aac2a2c5b7c";
