// SPDX-License-Identifier: MIT
/// \file The input as a file, for readers that take no text.
#ifndef MLSCRIBE_TESTS_FUZZ_SCRATCH_FILE_HPP
#define MLSCRIBE_TESTS_FUZZ_SCRATCH_FILE_HPP

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "fuzz/must_hold.hpp"

namespace test {

/// One file of any number of names below a folder of its own, so that an input is written once.
class scratch_file {
  public:
    scratch_file()
        : folder_((std::filesystem::temp_directory_path() / "mlscribe-XXXXXX").string()) {
        must_hold(::mkdtemp(&folder_[0]) != nullptr, "a folder can be made");
        std::string path = folder_ + "/input-XXXXXX";
        file_ = ::mkstemp(&path[0]);
        must_hold(file_ >= 0, "a file can be made");
        path_ = path;
    }
    scratch_file(const scratch_file&) = delete;
    scratch_file& operator=(const scratch_file&) = delete;
    ~scratch_file() {
        ::close(file_);
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    std::string folder() const { return folder_; }
    const std::string& path() const noexcept { return path_; }

    /// \param name  below the folder
    void call(const std::string& name) const {
        const std::filesystem::path place = std::filesystem::path(folder_) / name;
        std::filesystem::create_directories(place.parent_path());
        std::filesystem::create_hard_link(path_, place);
    }
    void write(std::string_view bytes) const {
        must_hold(::ftruncate(file_, 0) == 0 && ::pwrite(file_, bytes.data(), bytes.size(), 0) ==
                                                    static_cast<ssize_t>(bytes.size()),
                  "the file takes the input");
    }

  private:
    std::string folder_;
    std::string path_;
    int file_ = -1;
};

}  // namespace test

#endif
