// SPDX-License-Identifier: MIT
/// \file A loop in a .cu file: the GPU finds the gradient, CUDA's events how long that takes.
///
/// Prints, with … for digits that differ between GPUs, or "skipped: there is no GPU":
///
///     epoch 1  loss 0.2193  y = 2.24 x + 0.99
///     epoch 2  loss 0.0147  y = 2.81 x + 1.00
///     epoch 3  loss 0.0017  y = 2.95 x + 1.00
///     epoch 4  loss 0.0009  y = 2.99 x + 1.00
///     epoch 5  loss 0.000…  y = 3.00 x + 1.00
#include <mlscribe/mlscribe.hpp>

#include <cstdio>
#include <cstdlib>

#include "../loops/linear_model.hpp"

void check(cudaError_t status) {
    if (status == cudaSuccess) return;
    std::fprintf(stderr, "%s\n", cudaGetErrorString(status));
    std::exit(1);
}

struct sums {
    double loss;  ///< the sum of the squared errors
    double slope;
    double offset;
};

__global__ void find_gradient(const sample* samples, int count, linear_model model, sums* found) {
    sums own{};
    const int threads = static_cast<int>(gridDim.x * blockDim.x);
    for (int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x); i < count; i += threads) {
        const double error = model.slope * samples[i].x + model.offset - samples[i].y;
        own.loss += error * error;
        own.slope += 2 * error * samples[i].x;
        own.offset += 2 * error;
    }
    atomicAdd(&found->loss, own.loss);
    atomicAdd(&found->slope, own.slope);
    atomicAdd(&found->offset, own.offset);
}

int main() {
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) {
        std::puts("skipped: there is no GPU");
        return 0;
    }
    cudaDeviceProp device{};
    check(cudaGetDeviceProperties(&device, 0));

    constexpr int count = 1 << 20, blocks = 64, threads = 256;
    const batch samples = make_batches(1, count, 7).front();
    sample* on_device = nullptr;
    sums* found = nullptr;
    cudaEvent_t begin{}, end{};
    check(cudaMalloc(&on_device, count * sizeof(sample)));
    check(cudaMemcpy(on_device, samples.data(), count * sizeof(sample), cudaMemcpyHostToDevice));
    check(cudaMalloc(&found, sizeof(sums)));
    check(cudaEventCreate(&begin));
    check(cudaEventCreate(&end));

    auto run = mlscribe::start_run("libraries", "CUDA");
    run.set_tag("gpu", device.name);
    run.log_param("blocks", blocks);
    run.log_param("threads", threads);
    auto loss = run.metric("loss");
    mlscribe::metric_options each_epoch;
    each_epoch.border = mlscribe::border::epoch;
    auto kernel_seconds =
        run.metric<mlscribe::several<mlscribe::mean, mlscribe::max>>("kernel/seconds", each_epoch);

    linear_model model;
    for (auto epoch : run.epochs(5)) {
        double value = 0;
        for ([[maybe_unused]] auto step : run.steps(20)) {
            sums sum{};
            float milliseconds = 0;
            check(cudaMemset(found, 0, sizeof(sums)));
            check(cudaEventRecord(begin));
            find_gradient<<<blocks, threads>>>(on_device, count, model, found);
            check(cudaGetLastError());
            check(cudaEventRecord(end));
            check(cudaMemcpy(&sum, found, sizeof(sums), cudaMemcpyDeviceToHost));  // waits
            check(cudaEventElapsedTime(&milliseconds, begin, end));
            kernel_seconds.add(static_cast<double>(milliseconds) / 1000);
            loss.log(value = sum.loss / count);
            model.descend({sum.slope, sum.offset, static_cast<std::size_t>(count)}, 0.1);
        }
        std::printf("epoch %d  loss %.4f  y = %.2f x + %.2f\n", static_cast<int>(epoch) + 1, value,
                    model.slope, model.offset);
    }
    check(cudaEventDestroy(end));
    check(cudaEventDestroy(begin));
    check(cudaFree(found));
    check(cudaFree(on_device));
}
