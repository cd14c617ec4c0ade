// SPDX-License-Identifier: MIT
/// \file A library in NVML's place, of four GPUs: one that tells all, one that tells no power, one
/// that tells nothing but its power, one that cannot be opened. NVML_STAND_IN_GPUS=1 in the
/// environment leaves the first.
#include <cstdlib>
#include <cstring>

namespace {

constexpr int refused = 3;
int begun = 0;
char gpus[4];

int number_of(const void* device) {
    return static_cast<int>(static_cast<const char*>(device) - gpus);
}

}  // namespace

extern "C" {

struct stand_in_memory {
    unsigned long long total, free, used;
};
struct stand_in_rates {
    unsigned gpu, memory;
};

// The name by which the oldest libraries have it.
int nvmlInit() {
    ++begun;
    return 0;
}
// As Python's pynvml begins.
int nvmlInitWithFlags(unsigned) {
    return nvmlInit();
}
int nvmlShutdown() {
    --begun;
    return 0;
}
/// How many have begun and not ended.
int stand_in_begun() {
    return begun;
}
int nvmlDeviceGetCount_v2(unsigned* count) {
    const char* const wanted = std::getenv("NVML_STAND_IN_GPUS");
    *count = wanted == nullptr ? 4 : static_cast<unsigned>(std::atoi(wanted));
    return 0;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
    if (index > 2) return refused;
    *device = &gpus[index];
    return 0;
}
int nvmlDeviceGetUUID(void* device, char* text, unsigned length) {
    if (length < 11) return refused;
    std::strcpy(text, "GPU-uuid-0");
    text[9] = static_cast<char>('0' + number_of(device));
    return 0;
}
int nvmlDeviceGetHandleByUUID(const char* uuid, void** device) {
    if (std::strcmp(uuid, "MIG-part") != 0) return refused;
    *device = &gpus[3];
    return 0;
}
int nvmlDeviceGetDeviceHandleFromMigDeviceHandle(void* part, void** whole) {
    if (number_of(part) != 3) return refused;
    *whole = &gpus[1];
    return 0;
}
int nvmlDeviceGetIndex(void* device, unsigned* index) {
    *index = static_cast<unsigned>(number_of(device));
    return 0;
}
int nvmlDeviceGetMemoryInfo(void* device, stand_in_memory* memory) {
    if (number_of(device) == 2) return refused;
    *memory = {8000000000, 6000000000, 2000000000};
    return 0;
}
int nvmlDeviceGetUtilizationRates(void* device, stand_in_rates* rates) {
    if (number_of(device) == 2) return refused;
    *rates = {67, 12};
    return 0;
}
int nvmlDeviceGetPowerUsage(void* device, unsigned* milliwatts) {
    if (number_of(device) == 1) return refused;
    *milliwatts = 123456;
    return 0;
}
int nvmlDeviceGetEnforcedPowerLimit(void*, unsigned* milliwatts) {
    *milliwatts = 250000;
    return 0;
}
}
