// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/monitor/gpu_usage.hpp>

#include <dlfcn.h>

#include <map>
#include <set>
#include <string>

#include "environment.hpp"
#include "monitor/recorded_system.hpp"

using mlscribe::detail::gpu_usage;
using values = std::map<std::string, double>;

namespace {

values measure(const char* visible, const std::string& library = MLSCRIBE_NVML_STAND_IN) {
    const test::variable chosen("CUDA_VISIBLE_DEVICES", visible);
    const gpu_usage usage(library);
    mlscribe::detail::system_values to;
    usage.read(to);
    usage.read(to);
    return test::recorded_system::known(to);
}

/// "gpu_0_" and the like, of what was measured.
std::set<std::string> gpus(const values& measured) {
    std::set<std::string> found;
    for (const auto& each : measured) found.insert(each.first.substr(0, 6));
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(monitor_gpu_usage)

BOOST_AUTO_TEST_CASE(each_tells_what_it_can) {
    const values expected = {
        {"gpu_0_memory_usage_percentage", 25},  {"gpu_0_memory_usage_megabytes", 2000},
        {"gpu_0_utilization_percentage", 67},   {"gpu_0_power_usage_watts", 123.5},
        {"gpu_0_power_usage_percentage", 49.4}, {"gpu_1_memory_usage_percentage", 25},
        {"gpu_1_memory_usage_megabytes", 2000}, {"gpu_1_utilization_percentage", 67},
        {"gpu_2_power_usage_watts", 123.5},     {"gpu_2_power_usage_percentage", 49.4},
    };
    const values found = measure(nullptr);
    BOOST_TEST(found == expected);
}

BOOST_AUTO_TEST_CASE(those_that_the_process_sees) {
    using names = std::set<std::string>;
    BOOST_TEST(gpus(measure("2,0")) == (names{"gpu_0_", "gpu_2_"}));
    BOOST_TEST(gpus(measure("GPU-uuid-1")) == names{"gpu_1_"});
    BOOST_TEST(gpus(measure("MIG-GPU-uuid-2/1/0")) == names{"gpu_2_"});
    BOOST_TEST(gpus(measure("MIG-part")) == names{"gpu_1_"});
    BOOST_TEST(gpus(measure("MIG-other")).empty());
    BOOST_TEST(gpus(measure("3")).empty());
    BOOST_TEST(gpus(measure("")).empty());
}

BOOST_AUTO_TEST_CASE(a_library_that_is_not_there_or_is_another_one) {
    BOOST_TEST(measure(nullptr, "libmlscribe-no-such-library.so.1").empty());
    BOOST_TEST(measure(nullptr, "/dev/null").empty());
    BOOST_TEST(measure(nullptr, "").empty());
    BOOST_TEST(measure(nullptr, "libm.so.6").empty());
}

BOOST_AUTO_TEST_CASE(what_is_begun_is_ended) {
    void* const library = ::dlopen(MLSCRIBE_NVML_STAND_IN, RTLD_NOW);
    BOOST_REQUIRE(library != nullptr);
    auto* const begun = reinterpret_cast<int (*)()>(::dlsym(library, "stand_in_begun"));
    BOOST_REQUIRE(begun != nullptr);
    BOOST_TEST(begun() == 0);
    {
        const gpu_usage first(MLSCRIBE_NVML_STAND_IN);
        const gpu_usage second(MLSCRIBE_NVML_STAND_IN);
        BOOST_TEST(begun() == 2);
    }
    BOOST_TEST(begun() == 0);
    ::dlclose(library);
}

BOOST_AUTO_TEST_SUITE_END()
