#include "encoder/naive_encoder.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

#include "encoder/cpu/rotary.h"
#include "model/roles.h"

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
    case Activation::silu:
      return x / (1 + std::exp(-x));
  }
  return 0;
}

// MPNet's bucket of a key that stands `distance` tokens after its query, by its own formula.
std::size_t bucket_of(std::ptrdiff_t distance) {
  const auto away = static_cast<std::size_t>(std::abs(distance));
  std::size_t bucket = away;
  if (away >= 8) {
    const double steps = std::log(static_cast<double>(away) / 8) / std::log(16) * 8;
    bucket = std::min<std::size_t>(15, 8 + static_cast<std::size_t>(steps + 1e-9));
  }
  return bucket + (distance > 0 ? 16 : 0);
}

// Rotary positions: turns the pairs (i, i + size/2) of each head by the token's position times the
// i-th frequency, which is a float, and so is the product.
Matrix rotated(const EncoderSpec& spec, double base, Matrix x) {
  const std::size_t size = spec.hidden_size / spec.heads;
  const std::vector<float> frequencies = rotary_frequencies(base, spec.rotary_divisor, size);
  for (std::size_t t = 0; t < x.size(); ++t) {
    for (std::size_t head = 0; head < spec.heads; ++head) {
      for (std::size_t i = 0; i < size / 2; ++i) {
        const double angle = static_cast<float>(t) * frequencies[i];
        double& a = x[t][head * size + i];
        double& b = x[t][head * size + size / 2 + i];
        const double turned = a * std::cos(angle) - b * std::sin(angle);
        b = b * std::cos(angle) + a * std::sin(angle);
        a = turned;
      }
    }
  }
  return x;
}

// `bias(head, distance)`: what a score gets beside the scaled product; minus infinity where the
// key is not seen.
template <class Bias>
Matrix attention(const EncoderSpec& spec, const Bias& bias, const Matrix& q, const Matrix& k,
                 const Matrix& v) {
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
        const auto distance = static_cast<std::ptrdiff_t>(other) - static_cast<std::ptrdiff_t>(t);
        score = score / std::sqrt(static_cast<double>(size)) + bias(head, distance);
        weights.push_back(std::exp(score));
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
  const auto norm = [&](Role role, std::size_t layer, const Matrix& x) {
    return layer_norm(model.weights.at(role, stored_layer(layer, spec)), spec.layer_norm_epsilon,
                      x);
  };
  const auto row_of = [&](Role role, std::size_t row) {
    const TensorView& table = model.weights.at(role).weight;
    const std::size_t width = table.shape[1];
    const std::vector<double> all = values_of(table, table.size());
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(row * width);
    return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(width));
  };
  std::vector<double> biases;  // [buckets, heads]
  if (spec.relative_buckets > 0) {
    const TensorView& table = model.weights.at(Role::relative_bias).weight;
    biases = values_of(table, table.size());
  }
  const auto bias = [&](std::size_t head, std::ptrdiff_t distance) {
    return biases.empty() ? 0.0 : biases[bucket_of(distance) * spec.heads + head];
  };
  Matrix x;
  std::size_t position = spec.first_position;
  for (std::size_t t = 0; t < ids.size(); ++t) {
    Matrix row{row_of(Role::word_embeddings, static_cast<std::size_t>(ids[t]))};
    const auto id = static_cast<std::size_t>(ids[t]);
    const std::size_t at = spec.padding_id == id ? id : position++;
    if (spec.rotary_base == 0) row = sum(row, {row_of(Role::position_embeddings, at)});
    if (spec.token_types > 0) row = sum(row, {row_of(Role::token_type_embeddings, 0)});
    x.push_back(row[0]);
  }
  x = norm(Role::embedding_norm, 0, x);
  if (spec.embedding_size > 0) x = linear(model.weights.at(Role::embedding_projection), x);
  std::vector<std::vector<double>> states{flat(x)};
  const bool norm_first = spec.norms == NormPlace::before;
  for (std::size_t l = 0; l < spec.layers; ++l) {
    const auto map = [&](Role role, const Matrix& in) {
      return linear(model.weights.at(role, stored_layer(l, spec)), in);
    };
    const bool local = std::ranges::count(spec.local_layers, l) > 0;
    const auto bias_of_layer = [&](std::size_t head, std::ptrdiff_t distance) {
      const bool seen = !local || static_cast<std::size_t>(std::abs(distance)) <= spec.local_reach;
      return seen ? bias(head, distance) : -std::numeric_limits<double>::infinity();
    };
    const auto attend = [&](const Matrix& in) {
      Matrix query = map(Role::query, in);
      Matrix key = map(Role::key, in);
      if (spec.rotary_base > 0) {
        const double base = local ? spec.local_rotary_base : spec.rotary_base;
        query = rotated(spec, base, query);
        key = rotated(spec, base, key);
      }
      return map(Role::attention_output,
                 attention(spec, bias_of_layer, query, key, map(Role::value, in)));
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
      const bool plain = l == 0 && !spec.first_attention_norm;
      x = sum(x, attend(plain ? x : norm(Role::attention_norm, l, x)));
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
