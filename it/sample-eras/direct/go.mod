module k8s.io/kubernetes

go 1.18

require (
	github.com/onsi/ginkgo/v2 v2.0.0
	k8s.io/component-base v0.0.0
	k8s.io/kube-aggregator v0.0.0
)
