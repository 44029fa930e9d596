// Serves, with client_golang, the families of a page in the text format: the same names, labels and
// histogram buckets, so that both servers have equally much to say.
//
//	promhttp page.txt 127.0.0.1:9466
//
// A gauge changes before each scrape, as it would in a process that works.
package main

import (
	"log"
	"math"
	"net/http"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

func main() {
	page, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var parser expfmt.TextParser
	families, err := parser.TextToMetricFamilies(page)
	if err != nil {
		log.Fatal(err)
	}
	registry := prometheus.NewRegistry()
	var last prometheus.Gauge
	for _, family := range families {
		if gauge := register(registry, family); gauge != nil {
			last = gauge
		}
	}
	handler := promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	http.HandleFunc("/metrics", func(w http.ResponseWriter, r *http.Request) {
		last.Add(1)
		handler.ServeHTTP(w, r)
	})
	log.Fatal(http.ListenAndServe(os.Args[2], nil))
}

// Registers a vector with the family's series, and returns one of them if it is a gauge.
func register(registry *prometheus.Registry, family *dto.MetricFamily) (last prometheus.Gauge) {
	name, help := family.GetName(), family.GetHelp()
	names := labelNames(family.Metric[0])
	switch family.GetType() {
	case dto.MetricType_COUNTER:
		vector := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, names)
		registry.MustRegister(vector)
		for _, metric := range family.Metric {
			vector.With(labels(metric)).Add(metric.Counter.GetValue())
		}
	case dto.MetricType_HISTOGRAM:
		options := prometheus.HistogramOpts{Name: name, Help: help, Buckets: bounds(family.Metric[0])}
		vector := prometheus.NewHistogramVec(options, names)
		registry.MustRegister(vector)
		for _, metric := range family.Metric {
			fill(vector.With(labels(metric)), metric.Histogram)
		}
	default:
		vector := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, names)
		registry.MustRegister(vector)
		for _, metric := range family.Metric {
			last = vector.With(labels(metric))
			last.Set(metric.Gauge.GetValue())
		}
	}
	return last
}

// Observes as many values in each bucket as the page counts there.
func fill(observer prometheus.Observer, histogram *dto.Histogram) {
	var below uint64
	for _, bucket := range histogram.Bucket {
		value := bucket.GetUpperBound()
		for ; below < bucket.GetCumulativeCount(); below++ {
			observer.Observe(math.Min(value, math.MaxFloat64))
		}
	}
}

func bounds(metric *dto.Metric) (bounds []float64) {
	for _, bucket := range metric.Histogram.Bucket {
		if !math.IsInf(bucket.GetUpperBound(), 1) {
			bounds = append(bounds, bucket.GetUpperBound())
		}
	}
	return bounds
}

func labelNames(metric *dto.Metric) (names []string) {
	for _, pair := range metric.Label {
		names = append(names, pair.GetName())
	}
	return names
}

func labels(metric *dto.Metric) prometheus.Labels {
	labels := prometheus.Labels{}
	for _, pair := range metric.Label {
		labels[pair.GetName()] = pair.GetValue()
	}
	return labels
}
