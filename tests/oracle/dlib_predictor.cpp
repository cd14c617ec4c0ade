// What dlib saved, as a predictor for MLflow.
#include <mlscribe/flavor/exported_predictor.hpp>

#include <cstdint>
#include <string>

#include "dlib_regression.hpp"

namespace {

class dlib_predictor {
  public:
    explicit dlib_predictor(const std::string& directory) {
        dlib::deserialize(directory + "/model.dat") >> learned_;
    }

    std::int64_t features() const noexcept { return 4; }
    std::int64_t outputs() const noexcept { return 1; }

    void predict(const double* rows, std::int64_t count, double* out) const {
        for (std::int64_t row = 0; row != count; ++row) {
            out[row] = learned_(flower_at(rows + row * 4));
        }
    }

  private:
    regression learned_;
};

}  // namespace

MLSCRIBE_EXPORT_PREDICTOR(dlib_predictor)
