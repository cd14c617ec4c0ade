// SPDX-License-Identifier: MIT
/// \file The input as a file, for readers that take no text.
#ifndef MLSCRIBE_TESTS_FUZZ_SCRATCH_FILE_HPP
#define MLSCRIBE_TESTS_FUZZ_SCRATCH_FILE_HPP

#include <unistd.h>

#include <boost/filesystem.hpp>

#include <string>
#include <string_view>

#include "fuzz/must_hold.hpp"

namespace test {

/// One file of any number of names below a folder of its own, so that an input is written once.
class scratch_file {
  public:
    scratch_file()
        : folder_(boost::filesystem::temp_directory_path() /
                  boost::filesystem::unique_path("mlscribe-%%%%-%%%%-%%%%")) {
        boost::filesystem::create_directories(folder_);
        std::string path = (folder_ / "input-XXXXXX").string();
        file_ = ::mkstemp(&path[0]);
        must_hold(file_ >= 0, "a file can be made");
        path_ = path;
    }
    scratch_file(const scratch_file&) = delete;
    scratch_file& operator=(const scratch_file&) = delete;
    ~scratch_file() {
        ::close(file_);
        boost::system::error_code ignored;
        boost::filesystem::remove_all(folder_, ignored);
    }

    std::string folder() const { return folder_.string(); }
    const std::string& path() const noexcept { return path_; }

    /// \param name  below the folder
    void call(const std::string& name) const {
        boost::filesystem::create_directories((folder_ / name).parent_path());
        boost::filesystem::create_hard_link(path_, folder_ / name);
    }
    void write(std::string_view bytes) const {
        must_hold(::ftruncate(file_, 0) == 0 && ::pwrite(file_, bytes.data(), bytes.size(), 0) ==
                                                    static_cast<ssize_t>(bytes.size()),
                  "the file takes the input");
    }

  private:
    boost::filesystem::path folder_;
    std::string path_;
    int file_ = -1;
};

}  // namespace test

#endif
