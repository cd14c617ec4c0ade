// A predictor for MLflow as a shared library: a weighted sum, with weights from a file.
#include <mlscribe/flavor/exported_predictor.hpp>

#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

class linear_predictor {
  public:
    explicit linear_predictor(const std::string& directory) {
        std::ifstream file(directory + "/weights.txt");
        for (double weight = 0; file >> weight;) weights_.push_back(weight);
        if (weights_.empty()) throw std::runtime_error("weights.txt has no weights");
    }

    std::int64_t features() const noexcept { return static_cast<std::int64_t>(weights_.size()); }
    std::int64_t outputs() const noexcept { return 1; }

    void predict(const double* rows, std::int64_t count, double* out) const {
        for (std::int64_t row = 0; row != count; ++row) {
            out[row] = 0;
            for (const double weight : weights_) out[row] += weight * *rows++;
            if (out[row] < 0) throw std::range_error("a sum below zero");
        }
    }

  private:
    std::vector<double> weights_;
};

}  // namespace

MLSCRIBE_EXPORT_PREDICTOR(linear_predictor)
