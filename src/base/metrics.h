// What the server counts, rendered in the Prometheus text format. Handles stay valid as long as
// their Metrics; getting one takes a lock, using one does not. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace confab {

class Counter {
 public:
  void add(double by = 1);

 private:
  friend class Metrics;
  explicit Counter(void* handle) : handle_(handle) {}
  void* handle_;
};

class Gauge {
 public:
  void set(double value);
  void add(double by);

 private:
  friend class Metrics;
  explicit Gauge(void* handle) : handle_(handle) {}
  void* handle_;
};

class Histogram {
 public:
  void observe(double value);

 private:
  friend class Metrics;
  explicit Histogram(void* handle) : handle_(handle) {}
  void* handle_;
};

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

class Metrics {
 public:
  Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  ~Metrics();

  /// The same name and labels give the same series. `help` counts on the first call for a name.
  Counter counter(const std::string& name,
                  const std::string& help,
                  const MetricLabels& labels = {});
  Gauge gauge(const std::string& name, const std::string& help, const MetricLabels& labels = {});
  /// `bounds`: ascending upper bounds of the buckets.
  Histogram histogram(const std::string& name,
                      const std::string& help,
                      const std::vector<double>& bounds,
                      const MetricLabels& labels = {});

  /// `read` is called on each render; it must outlive this object's last render.
  void gauge_from(const std::string& name,
                  const std::string& help,
                  std::function<double()> read,
                  const MetricLabels& labels = {});

  /// The Prometheus text format 0.0.4.
  std::string render();

 private:
  struct Registry;
  std::unique_ptr<Registry> registry_;
};

/// Bucket bounds for durations in seconds, 100 us to 5 s.
const std::vector<double>& latency_bounds();

}  // namespace confab
