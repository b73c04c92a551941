module k8s.io/kube-aggregator

go 1.18

require k8s.io/component-base v0.0.0
