export HADOOP_HOME=/opt/hadoop-3.3.6
export KMS_HOME=/opt/hadoop-3.3.6
