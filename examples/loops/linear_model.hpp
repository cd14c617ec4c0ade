// SPDX-License-Identifier: MIT
/// \file What the loops train: a line through noisy points, by gradient descent.
#ifndef MLSCRIBE_EXAMPLES_LINEAR_MODEL_HPP
#define MLSCRIBE_EXAMPLES_LINEAR_MODEL_HPP

#include <cstddef>
#include <random>
#include <vector>

struct sample {
    double x;
    double y;
};
using batch = std::vector<sample>;

/// Points near y = 3 x + 1, the same in each program.
inline std::vector<batch> make_batches(std::size_t count, std::size_t size, unsigned seed) {
    std::mt19937 random(seed);
    const auto uniform = [&random] { return static_cast<double>(random()) / 4294967296.0; };
    std::vector<batch> batches(count, batch(size));
    for (batch& each : batches) {
        for (sample& one : each) {
            one.x = uniform() * 2 - 1;
            one.y = 3 * one.x + 1 + 0.1 * (uniform() - 0.5);
        }
    }
    return batches;
}

struct gradient {
    double slope = 0;
    double offset = 0;
    std::size_t samples = 0;
};

struct linear_model {
    double slope = 0;
    double offset = 0;

    /// The mean squared error of a batch, whose gradient is added to `sum`.
    double loss(const batch& of, gradient* sum = nullptr) const {
        double squares = 0;
        for (const sample& one : of) {
            const double error = slope * one.x + offset - one.y;
            squares += error * error;
            if (sum == nullptr) continue;
            sum->slope += 2 * error * one.x;
            sum->offset += 2 * error;
            ++sum->samples;
        }
        return squares / static_cast<double>(of.size());
    }

    void descend(const gradient& sum, double rate) {
        slope -= rate * sum.slope / static_cast<double>(sum.samples);
        offset -= rate * sum.offset / static_cast<double>(sum.samples);
    }
};

#endif
