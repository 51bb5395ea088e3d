# hadoop-env.sh for NameNodes of the meridian nameservice
export JAVA_HOME=/usr/lib/jvm/java-11-openjdk
export HADOOP_HOME=/opt/hadoop-3.3.6
export HADOOP_CONF_DIR=/etc/hadoop/conf
export HADOOP_LOG_DIR=/var/log/hadoop/hdfs
export HDFS_NAMENODE_OPTS="-Xms64g -Xmx64g -XX:+UseG1GC"
export HDFS_ZKFC_OPTS="-Xmx1g"
export HDFS_AUDIT_LOGGER=INFO,RFAAUDIT
