export SPARK_HOME=/opt/spark-3.5.7
export SPARK_LOCAL_IP=127.0.0.1
