// SPDX-License-Identifier: MIT
/// \file What a .cu file does: a kernel, and a run that logs what the kernel found.
#include <mlscribe/metric/metric_handle.hpp>
#include <mlscribe/run/run.hpp>

#include <string>
#include <vector>

struct launch_options {
    int blocks = 1;
    int threads = 32;
    double rate = 0.1;
    std::string kernel = "scale";
};
#if __cplusplus < 202002L
MLSCRIBE_DESCRIBE(launch_options, blocks, threads, rate, kernel)
#endif

__global__ void scale(float* values, float factor, int count) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < count) values[i] *= factor;
}

void train(mlscribe::run& run);

void train(mlscribe::run& run) {
    const launch_options options;
    run.log_params(options);
    mlscribe::metric_handle last = run.metric("last");
    auto loss = run.metric<mlscribe::mean>("loss");
    float* values = nullptr;
    if (cudaMallocManaged(&values, 32 * sizeof(float)) != cudaSuccess) return;
    for (auto epoch : run.epochs(10)) {
        scale<<<options.blocks, options.threads>>>(values, 0.5F, 32);
        cudaDeviceSynchronize();
        loss.add(values[0]);
        last.log(values[31], epoch);
    }
    run.log_series("values", std::vector<float>(values, values + 32));
    cudaFree(values);
}
