//! Product releases. Defaults, keys and start-up rules differ between them.

use std::fmt;

/// The products whose releases decide verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Product {
    /// Apache Hadoop (HDFS, YARN, KMS, and the S3A connector).
    Hadoop,
    /// Apache Spark.
    Spark,
    /// Kubernetes.
    Kubernetes,
    /// apache/spark-kubernetes-operator.
    ApacheSparkOperator,
    /// MIT Kerberos.
    MitKerberos,
}

impl Product {
    /// The product's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Product::Hadoop => "Hadoop",
            Product::Spark => "Spark",
            Product::Kubernetes => "Kubernetes",
            Product::ApacheSparkOperator => "Apache Spark Kubernetes operator",
            Product::MitKerberos => "MIT Kerberos",
        }
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A release number: major, minor, patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release(pub u16, pub u16, pub u16);

impl Release {
    /// Reads `3.3.6`, `v1.31.2`, `3.4` (patch 0), `4.0.0-preview1`, `3.1.1.7.1.7.0-551` (vendor builds keep the first three).
    /// `None` when the text does not start with `major.minor`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Release> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let mut numbers = text.splitn(4, '.').map(leading_number);
        let (major, minor) = (numbers.next()??, numbers.next()??);
        Some(Release(major, minor, numbers.next().flatten().unwrap_or(0)))
    }

    /// The release line, without the patch number.
    #[must_use]
    pub fn line(self) -> (u16, u16) {
        (self.0, self.1)
    }
}

fn leading_number(text: &str) -> Option<u16> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text.get(..digits)?.parse().ok()
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::Release;

    #[test]
    fn reads_the_spellings_people_use() {
        assert_eq!(Release::parse("3.3.6"), Some(Release(3, 3, 6)));
        assert_eq!(Release::parse("v1.31.2+k3s1"), Some(Release(1, 31, 2)));
        assert_eq!(Release::parse("3.4"), Some(Release(3, 4, 0)));
        assert_eq!(Release::parse("3.1.1.7.1.7.0-551"), Some(Release(3, 1, 1)));
        assert_eq!(Release::parse("4.0.0-preview1"), Some(Release(4, 0, 0)));
        assert_eq!(Release::parse("latest"), None);
        assert_eq!(Release::parse("3"), None);
    }
}
