// Curves fitted to costs by least squares.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace bench {

// A straight line, and what of the spread of the values it leaves.
struct Line {
  double at_zero, slope, left;
};

inline Line fitted_line(const std::vector<double>& x, const std::vector<double>& y) {
  const double count = static_cast<double>(x.size());
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0, yy = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    mean_x += x[k] / count;
    mean_y += y[k] / count;
  }
  for (std::size_t k = 0; k < x.size(); ++k) {
    xx += (x[k] - mean_x) * (x[k] - mean_x);
    xy += (x[k] - mean_x) * (y[k] - mean_y);
    yy += (y[k] - mean_y) * (y[k] - mean_y);
  }
  const double slope = xy / xx;
  return {mean_y - slope * mean_x, slope, yy == 0 ? 0 : 1 - slope * xy / yy};
}

inline std::vector<double> logarithms(std::vector<double> values) {
  for (double& value : values) value = std::log2(value);
  return values;
}

// The exponent c of y ~ x^c.
inline double fitted_exponent(const std::vector<double>& x, const std::vector<double>& y) {
  return fitted_line(logarithms(x), logarithms(y)).slope;
}

}  // namespace bench
