#!/bin/bash
# comment
set -euo pipefail; export SPARK_HOME=/opt/spark A="$B -Dx=y"
if [ -n "$X" ] && ! true; then A=1 B='2' run; fi
ARGS=(--conf spark.a=b "--conf" 'c d' $(date +%s))
submit() {
  (cd /x; "$SPARK_HOME"/bin/spark-submit \
    --conf "spark.authenticate=true" --conf spark.é=\"x\" ${ARGS[@]} *.jar 2>&1 | tee log &)
}
cat <<EOF > out
not a command $X
EOF
cat <<-'X' <<Y
	body
	X
body
Y
env -i C=d cmd `date` $((1+2)) $'a\n' <(x) >>y
for i in 1 2; do echo $i; done
case x in a) b;; *) c;; esac
X+=y
