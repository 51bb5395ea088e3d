export JAVA_HOME=/usr/lib/jvm/java-11-openjdk
export HADOOP_HOME=/opt/hadoop-3.3.6
export HDFS_AUDIT_LOGGER=INFO,RFAAUDIT
