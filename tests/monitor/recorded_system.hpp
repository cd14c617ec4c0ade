// SPDX-License-Identifier: MIT
/// \file Texts of the kernel's in a folder of a test's own, and what is measured there.
#ifndef MLSCRIBE_TESTS_MONITOR_RECORDED_SYSTEM_HPP
#define MLSCRIBE_TESTS_MONITOR_RECORDED_SYSTEM_HPP

#include <mlscribe/monitor/system_files.hpp>
#include <mlscribe/monitor/system_values.hpp>

#include <map>
#include <string>

#include "scratch_directory.hpp"

namespace test {

class recorded_system {
  public:
    /// \param path  begins with '/'
    void write(const std::string& path, const std::string& text) const {
        write_file(root() + path, text);
    }
    void remove(const std::string& path) const { std::filesystem::remove(root() + path); }
    std::string root() const { return scratch_.path(); }

    /// What `usage` measures now; \param samples  how many times
    template <class Usage>
    std::map<std::string, double> measure(Usage& usage, int samples = 1) const {
        mlscribe::detail::system_files files(root());
        mlscribe::detail::system_values values;
        for (int i = 0; i < samples; ++i) usage.read(files, values);
        return known(values);
    }

    static std::map<std::string, double> known(mlscribe::detail::system_values& values) {
        std::map<std::string, double> found;
        for (const auto& each : values.all()) {
            if (each.is_known()) found[each.name] = each.value();
        }
        return found;
    }

  private:
    scratch_directory scratch_;
};

}  // namespace test

#endif
