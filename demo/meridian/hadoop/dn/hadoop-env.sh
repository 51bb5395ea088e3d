# hadoop-env.sh for DataNodes, racks a to c: started plainly as user hdfs
export JAVA_HOME=/usr/lib/jvm/java-11-openjdk
export HADOOP_HOME=/opt/hadoop-3.3.6
export HADOOP_CONF_DIR=/etc/hadoop/conf
export HADOOP_LOG_DIR=/var/log/hadoop/hdfs
export HDFS_DATANODE_OPTS="-Xms8g -Xmx8g"
