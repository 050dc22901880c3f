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

// DeBERTa's row for a query that stands `distance` tokens after its key, by its own formula.
std::size_t row_of_distance(const RelativePositions& positions, std::ptrdiff_t distance) {
  const auto span = static_cast<std::ptrdiff_t>(relative_span(positions));
  const auto half = static_cast<std::ptrdiff_t>(positions.buckets / 2);
  std::ptrdiff_t position = std::abs(distance);
  if (positions.buckets > 0 && position > half) {
    const auto middle = static_cast<double>(half);
    const double steps = std::log(static_cast<double>(position) / middle) /
                         std::log(static_cast<double>(positions.limit - 1) / middle);
    position = half + static_cast<std::ptrdiff_t>(std::ceil(steps * (middle - 1) - 1e-9));
  }
  if (distance < 0) position = -position;
  return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(span + position, 0, 2 * span - 1));
}

// `scale` is the scores' factor, and `bias(head, query, key)` what one gets beside the product:
// minus infinity where the key is not seen.
template <class Bias>
Matrix attention(const EncoderSpec& spec, double scale, const Bias& bias, const Matrix& q,
                 const Matrix& k, const Matrix& v) {
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
        weights.push_back(std::exp(scale * score + bias(head, t, other)));
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

// activation(convolution(x)), with zeros around x.
Matrix convolution(const Model& model, const Matrix& x) {
  const Weight& map = model.weights.at(Role::convolution);
  const std::size_t hidden = model.spec.hidden_size;
  const std::size_t width = model.spec.convolution_width;
  const std::vector<double> weight = values_of(map.weight, hidden * hidden * width);
  Matrix y(x.size(), values_of(map.bias, hidden));
  for (std::size_t t = 0; t < x.size(); ++t) {
    for (std::size_t at = 0; at < width; ++at) {
      if (t + at < width / 2 || t + at - width / 2 >= x.size()) continue;
      const std::vector<double>& read = x[t + at - width / 2];
      for (std::size_t o = 0; o < hidden; ++o) {
        for (std::size_t i = 0; i < hidden; ++i) {
          y[t][o] += weight[(o * hidden + i) * width + at] * read[i];
        }
      }
    }
    for (double& value : y[t]) value = activate(model.spec.convolution_activation, value);
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
  const std::size_t head_size = spec.hidden_size / spec.heads;
  double scale = 1 / std::sqrt(static_cast<double>(head_size));
  Matrix positions;
  if (spec.relative_positions) {
    const RelativePositions& relative = *spec.relative_positions;
    const int kinds = 1 + static_cast<int>(relative.content_to_position) +
                      static_cast<int>(relative.position_to_content);
    scale /= std::sqrt(kinds);
    for (std::size_t row = 0; row < 2 * relative_span(relative); ++row) {
      positions.push_back(row_of(Role::relative_positions, row));
    }
    if (relative.norm) positions = norm(Role::relative_position_norm, 0, positions);
  }
  Matrix x;
  std::size_t position = spec.first_position;
  for (std::size_t t = 0; t < ids.size(); ++t) {
    Matrix row{row_of(Role::word_embeddings, static_cast<std::size_t>(ids[t]))};
    const auto id = static_cast<std::size_t>(ids[t]);
    const std::size_t at = spec.padding_id == id ? id : position++;
    if (spec.absolute_positions) row = sum(row, {row_of(Role::position_embeddings, at)});
    if (spec.token_types > 0) row = sum(row, {row_of(Role::token_type_embeddings, 0)});
    x.push_back(row[0]);
  }
  if (!spec.projection_first) x = norm(Role::embedding_norm, 0, x);
  if (spec.embedding_size > 0) x = linear(model.weights.at(Role::embedding_projection), x);
  if (spec.projection_first) x = norm(Role::embedding_norm, 0, x);
  const Matrix embeddings = x;
  std::vector<std::vector<double>> states{flat(x)};
  const bool norm_first = spec.norms == NormPlace::before;
  for (std::size_t l = 0; l < spec.layers; ++l) {
    const auto map = [&](Role role, const Matrix& in) {
      return linear(model.weights.at(role, stored_layer(l, spec)), in);
    };
    const bool local = std::ranges::count(spec.local_layers, l) > 0;
    const auto attend = [&](const Matrix& in) {
      Matrix q = map(Role::query, in);
      Matrix k = map(Role::key, in);
      if (spec.rotary_base > 0) {
        const double base = local ? spec.local_rotary_base : spec.rotary_base;
        q = rotated(spec, base, q);
        k = rotated(spec, base, k);
      }
      Matrix position_keys;
      Matrix position_queries;
      if (spec.relative_positions) {
        const bool own = spec.relative_positions->own_maps;
        if (spec.relative_positions->content_to_position) {
          position_keys = map(own ? Role::position_key : Role::key, positions);
        }
        if (spec.relative_positions->position_to_content) {
          position_queries = map(own ? Role::position_query : Role::query, positions);
        }
      }
      const auto bias = [&](std::size_t head, std::size_t query, std::size_t key) {
        const auto distance = static_cast<std::ptrdiff_t>(key) - static_cast<std::ptrdiff_t>(query);
        if (local && static_cast<std::size_t>(std::abs(distance)) > spec.local_reach) {
          return -std::numeric_limits<double>::infinity();
        }
        if (!biases.empty()) return biases[bucket_of(distance) * spec.heads + head];
        if (!spec.relative_positions) return 0.0;
        const std::size_t row = row_of_distance(*spec.relative_positions, -distance);
        double score = 0;
        for (std::size_t i = head * head_size; i < (head + 1) * head_size; ++i) {
          if (!position_keys.empty()) score += q[query][i] * position_keys[row][i];
          if (!position_queries.empty()) score += position_queries[row][i] * k[key][i];
        }
        return scale * score;
      };
      return map(Role::attention_output, attention(spec, scale, bias, q, k, map(Role::value, in)));
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
    if (l == 0 && spec.convolution_width > 0) {
      x = norm(Role::convolution_norm, 0, sum(x, convolution(model, embeddings)));
    }
    states.push_back(flat(x));
  }
  return states;
}

}  // namespace normscope
