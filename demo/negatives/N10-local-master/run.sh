#!/usr/bin/env bash
set -euo pipefail
/opt/spark-3.5.7/bin/spark-submit --master 'local[*]' --class org.meridian.Report /opt/meridian/report.jar
