#!/bin/bash
export SPARK_OPTS="$SPARK_OPTS -Dx=\"y\" $(echo "a)" ')') ${X:-'}'}"
A=1 B='x y' run --conf a=b 2>&1 >| out <<-EOF | tee `ls \`x\`` &
	body $x
	EOF
for i in a b; do [[ -f $i && x ]] && rm "$i"; done
case $1 in
 a|b) go ;;
 *) stop;;
esac
X=(1 "2") Y+=3
f() { local z=$'a\n'; }
diff <(a) {a,b} [ab]* ~
