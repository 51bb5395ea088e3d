#!/usr/bin/env bash
# Monthly risk scoring, started by the ML team from edge2.
set -euo pipefail

. /etc/spark/conf/spark-env.sh

"$SPARK_HOME/bin/spark-submit" \
  --name risk-scoring \
  --class org.meridian.scoring.RiskScoring \
  --conf spark.kubernetes.namespace=spark-scoring \
  --conf spark.kubernetes.container.image=registry.meridian.example/spark:3.5.1 \
  --conf spark.kubernetes.authenticate.driver.serviceAccountName=spark-scoring \
  --conf spark.kubernetes.driver.podTemplateFile=templates/driver.yaml \
  --conf spark.kubernetes.executor.podTemplateFile=templates/executor.yaml \
  --conf spark.kubernetes.driver.secrets.spark-rpc=/mnt/secrets/rpc \
  --conf spark.kubernetes.executor.secrets.spark-rpc=/mnt/secrets/rpc \
  --conf spark.authenticate.secret.file=/mnt/secrets/rpc/secret \
  --conf spark.ui.enabled=false \
  --conf spark.executor.instances=12 \
  local:///opt/meridian/risk-scoring.jar --month "$(date +%Y-%m)"
