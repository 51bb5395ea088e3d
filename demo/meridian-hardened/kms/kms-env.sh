# kms-env.sh
export JAVA_HOME=/usr/lib/jvm/java-11-openjdk
export HADOOP_HOME=/opt/hadoop-3.3.6
export KMS_HOME=/opt/hadoop-3.3.6
export KMS_LOG=/var/log/hadoop-kms
export KMS_MAX_THREADS=500
