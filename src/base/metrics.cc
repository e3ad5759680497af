#include "base/metrics.h"

#include <map>
#include <mutex>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace confab {
namespace {

prometheus::Labels to_labels(const MetricLabels& labels) {
  return {labels.begin(), labels.end()};
}

}  // namespace

struct Metrics::Registry {
  prometheus::Registry registry;
  std::mutex mutex;
  std::vector<std::pair<prometheus::Gauge*, std::function<double()>>> read_on_render;
};

void Counter::add(double by) {
  static_cast<prometheus::Counter*>(handle_)->Increment(by);
}
void Gauge::set(double value) {
  static_cast<prometheus::Gauge*>(handle_)->Set(value);
}
void Gauge::add(double by) {
  static_cast<prometheus::Gauge*>(handle_)->Increment(by);
}
void Histogram::observe(double value) {
  static_cast<prometheus::Histogram*>(handle_)->Observe(value);
}

Metrics::Metrics() : registry_(std::make_unique<Registry>()) {}
Metrics::~Metrics() = default;

Counter Metrics::counter(const std::string& name,
                         const std::string& help,
                         const MetricLabels& labels) {
  auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(registry_->registry);
  return Counter(&family.Add(to_labels(labels)));
}

Gauge Metrics::gauge(const std::string& name, const std::string& help, const MetricLabels& labels) {
  auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(registry_->registry);
  return Gauge(&family.Add(to_labels(labels)));
}

Histogram Metrics::histogram(const std::string& name,
                             const std::string& help,
                             const std::vector<double>& bounds,
                             const MetricLabels& labels) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(registry_->registry);
  return Histogram(&family.Add(to_labels(labels), bounds));
}

void Metrics::gauge_from(const std::string& name,
                         const std::string& help,
                         std::function<double()> read,
                         const MetricLabels& labels) {
  auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(registry_->registry);
  const std::lock_guard lock(registry_->mutex);
  registry_->read_on_render.emplace_back(&family.Add(to_labels(labels)), std::move(read));
}

std::string Metrics::render() {
  {
    const std::lock_guard lock(registry_->mutex);
    for (const auto& [gauge, read] : registry_->read_on_render)
      gauge->Set(read());
  }
  return prometheus::TextSerializer().Serialize(registry_->registry.Collect());
}

const std::vector<double>& latency_bounds() {
  static const std::vector<double> kBounds = {0.0001, 0.0002, 0.0005, 0.001, 0.002,
                                              0.005,  0.01,   0.02,   0.05,  0.1,
                                              0.2,    0.5,    1,      2,     5};
  return kBounds;
}

}  // namespace confab
