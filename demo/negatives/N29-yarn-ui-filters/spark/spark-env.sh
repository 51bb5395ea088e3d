export SPARK_HOME=/opt/spark-3.5.7
