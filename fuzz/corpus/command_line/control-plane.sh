kube-apiserver --anonymous-auth=false --encryption-provider-config=/e --etcd-servers=https://a:2379,http://b "--audit-log-path=-"
etcd --listen-client-urls=http://0.0.0.0:2379 --client-cert-auth
kubelet --anonymous-auth --read-only-port 10255
