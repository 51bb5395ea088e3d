# hadoop-env.sh of the Hive metastore
export JAVA_HOME=/usr/lib/jvm/java-11-openjdk
export HADOOP_HOME=/opt/hadoop-3.3.6
export HADOOP_CONF_DIR=/etc/hadoop/conf
