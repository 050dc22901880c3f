#include "encoder/naive_encoder.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace normscope {
namespace {

using Matrix = std::vector<std::vector<double>>;  // rows

std::vector<double> values_of(const TensorView& tensor, std::size_t size) {
  std::vector<float> values(size);
  if (tensor.data != nullptr) tensor.read(0, values);
  return {values.begin(), values.end()};
}

Matrix linear(const Weight& map, const Matrix& x) {
  const std::size_t out = map.weight.shape[0];
  const std::size_t in = map.weight.shape[1];
  const std::vector<double> weight = values_of(map.weight, out * in);
  Matrix y(x.size(), values_of(map.bias, out));
  for (std::size_t r = 0; r < x.size(); ++r) {
    for (std::size_t o = 0; o < out; ++o) {
      for (std::size_t i = 0; i < in; ++i) y[r][o] += weight[o * in + i] * x[r][i];
    }
  }
  return y;
}

Matrix layer_norm(const Weight& norm, double epsilon, Matrix x) {
  const std::size_t size = x[0].size();
  const std::vector<double> weight = values_of(norm.weight, size);
  const std::vector<double> bias = values_of(norm.bias, size);
  for (std::vector<double>& row : x) {
    double mean = 0;
    double variance = 0;
    for (const double value : row) mean += value / static_cast<double>(size);
    for (const double value : row) variance += (value - mean) * (value - mean);
    const double deviation = std::sqrt(variance / static_cast<double>(size) + epsilon);
    for (std::size_t i = 0; i < size; ++i) {
      row[i] = (row[i] - mean) / deviation * weight[i] + bias[i];
    }
  }
  return x;
}

double activate(Activation activation, double x) {
  switch (activation) {
    case Activation::gelu:
      return x / 2 * (1 + std::erf(x / std::numbers::sqrt2));
    case Activation::gelu_new:
      return x / 2 *
             (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * std::pow(x, 3))));
    case Activation::relu:
      return std::max(x, 0.0);
  }
  return 0;
}

Matrix attention(const EncoderSpec& spec, const Matrix& q, const Matrix& k, const Matrix& v) {
  const std::size_t size = spec.hidden_size / spec.heads;
  Matrix y(q.size(), std::vector<double>(spec.hidden_size));
  for (std::size_t head = 0; head < spec.heads; ++head) {
    for (std::size_t t = 0; t < q.size(); ++t) {
      std::vector<double> weights;
      double sum = 0;
      for (std::size_t other = 0; other < q.size(); ++other) {
        double score = 0;
        for (std::size_t i = head * size; i < (head + 1) * size; ++i)
          score += q[t][i] * k[other][i];
        weights.push_back(std::exp(score / std::sqrt(static_cast<double>(size))));
        sum += weights.back();
      }
      for (std::size_t other = 0; other < q.size(); ++other) {
        for (std::size_t i = head * size; i < (head + 1) * size; ++i) {
          y[t][i] += weights[other] / sum * v[other][i];
        }
      }
    }
  }
  return y;
}

Matrix sum(Matrix x, const Matrix& y) {
  for (std::size_t r = 0; r < x.size(); ++r) {
    for (std::size_t i = 0; i < x[r].size(); ++i) x[r][i] += y[r][i];
  }
  return x;
}

std::vector<double> flat(const Matrix& x) {
  std::vector<double> all;
  for (const std::vector<double>& row : x) all.insert(all.end(), row.begin(), row.end());
  return all;
}

}  // namespace

std::vector<std::vector<double>> naive_hidden_states(const Model& model,
                                                     std::span<const TokenId> ids) {
  const EncoderSpec& spec = model.spec;
  const std::size_t hidden = spec.hidden_size;
  const auto norm = [&](Role role, std::size_t layer, const Matrix& x) {
    return layer_norm(model.weights.at(role, layer), spec.layer_norm_epsilon, x);
  };
  const auto row_of = [&](Role role, std::size_t row) {
    const TensorView& table = model.weights.at(role).weight;
    const std::vector<double> all = values_of(table, table.size());
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(row * hidden);
    return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(hidden));
  };
  Matrix x;
  for (std::size_t t = 0; t < ids.size(); ++t) {
    Matrix row{row_of(Role::word_embeddings, static_cast<std::size_t>(ids[t]))};
    row = sum(row, {row_of(Role::position_embeddings, spec.first_position + t)});
    if (spec.token_types > 0) row = sum(row, {row_of(Role::token_type_embeddings, 0)});
    x.push_back(row[0]);
  }
  x = norm(Role::embedding_norm, 0, x);
  std::vector<std::vector<double>> states{flat(x)};
  const bool norm_first = spec.norms == NormPlace::before;
  for (std::size_t l = 0; l < spec.layers; ++l) {
    const auto map = [&](Role role, const Matrix& in) {
      return linear(model.weights.at(role, l), in);
    };
    const auto attend = [&](const Matrix& in) {
      return map(Role::attention_output,
                 attention(spec, map(Role::query, in), map(Role::key, in), map(Role::value, in)));
    };
    const auto feed_forward = [&](const Matrix& in) {
      Matrix wide = map(Role::intermediate, in);
      for (std::vector<double>& row : wide) {
        for (double& value : row) value = activate(spec.activation, value);
      }
      if (spec.gated_feed_forward) {
        const Matrix gate = map(Role::gate, in);
        for (std::size_t r = 0; r < wide.size(); ++r) {
          for (std::size_t i = 0; i < wide[r].size(); ++i) wide[r][i] *= gate[r][i];
        }
      }
      return map(Role::output, wide);
    };
    if (norm_first) {
      x = sum(x, attend(norm(Role::attention_norm, l, x)));
      x = sum(x, feed_forward(norm(Role::output_norm, l, x)));
      if (l + 1 == spec.layers) x = norm(Role::final_norm, 0, x);
    } else {
      x = norm(Role::attention_norm, l, sum(x, attend(x)));
      x = norm(Role::output_norm, l, sum(x, feed_forward(x)));
    }
    states.push_back(flat(x));
  }
  return states;
}

}  // namespace normscope
