export SPARK_HOME=/opt/spark-3.5.7
export HADOOP_CONF_DIR=/etc/hadoop/conf
