#!/bin/sh
spark-submit --master k8s://https://a:6443 --conf spark.authenticate=true --conf=spark.a=b \
  --driver-java-options "-Dspark.x=y -D'a b'" app.jar x
