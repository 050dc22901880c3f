#include "experiment/save_vectors.h"

#include <vector>

#include "base/atomic_file.h"
#include "results/run_files.h"

namespace normscope {
namespace {

// Opens one file per point, one inside the other, so that each takes its place when all are
// complete.
void with_npy_files(const std::filesystem::path& folder, std::span<const PointToWrite> points,
                    std::vector<NpyWriter>& open, const std::function<void()>& write) {
  if (points.empty()) {
    write();
    return;
  }
  const PointToWrite& first = points.front();
  write_atomically(folder / vectors_file(first.point), [&](const std::filesystem::path& aside) {
    const std::size_t own = open.size();
    open.emplace_back(aside, first.width);
    with_npy_files(folder, points.subspan(1), open, write);
    open[own].close();
  });
}

}  // namespace

void save_vectors(const std::filesystem::path& folder, std::span<const PointToWrite> points,
                  const std::function<void(const VectorSink&)>& fill) {
  write_atomically(folder / kVectorsFile, [&](const std::filesystem::path& aside) {
    ArrowVectorWriter arrow(aside, points);
    std::vector<NpyWriter> npy;
    with_npy_files(folder, points, npy, [&] {
      fill([&](const KeptVectors& vectors) {
        arrow.append(vectors);
        for (std::size_t p = 0; p < points.size(); ++p) npy[p].append(vectors.points[p]);
      });
    });
    arrow.close();
  });
}

}  // namespace normscope
