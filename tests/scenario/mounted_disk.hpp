// SPDX-License-Identifier: MIT
/// \file A file system of a test's own, where the machine lets it mount one.
#ifndef MLSCRIBE_TESTS_SCENARIO_MOUNTED_DISK_HPP
#define MLSCRIBE_TESTS_SCENARIO_MOUNTED_DISK_HPP

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "give_up.hpp"
#include "scratch_directory.hpp"

namespace test {

/// Whether what this program mounts is seen by it alone, and goes with it however it ends. Before
/// there are threads, which would keep what they see. Where this is refused, so is a mount.
inline const bool mounts_are_its_own =
    ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;

/// Mounted for the length of a scope. Where that is refused, why_not() says so.
class mounted_disk {
  public:
    /// A tmpfs of so many bytes.
    explicit mounted_disk(std::uint64_t bytes) {
        make_place();
        const std::string size = "size=" + std::to_string(bytes);
        if (::mount("none", path().c_str(), "tmpfs", 0, size.c_str()) != 0) {
            why_not_ = "tmpfs cannot be mounted here (root only)";
        }
    }

    /// A file system of a kind that mkfs.<kind> makes, in a file of so many bytes.
    mounted_disk(const std::string& kind, std::uint64_t bytes) {
        make_place();
        const std::string image = scratch_ / "image";
        const std::string quiet = " >/dev/null 2>&1";
        const std::string make = "PATH=$PATH:/usr/sbin:/sbin; truncate -s " +
                                 std::to_string(bytes) + ' ' + image + " && mkfs." + kind + ' ' +
                                 image + quiet;
        if (!ran("PATH=$PATH:/usr/sbin:/sbin; command -v mkfs." + kind + quiet)) {
            why_not_ = "there is no mkfs." + kind;
        } else if (!ran(make)) {
            why_not_ = "mkfs." + kind + " fails";
        } else if (!ran("mount -o loop " + image + ' ' + path() + quiet)) {
            why_not_ = kind + " cannot be mounted here (root and a loop device only)";
        }
    }

    mounted_disk(const mounted_disk&) = delete;
    mounted_disk& operator=(const mounted_disk&) = delete;
    ~mounted_disk() {
        if (!why_not_.empty()) return;
        // A descriptor that somebody still has must not keep the test's directory.
        if (::umount2(path().c_str(), 0) != 0) ::umount2(path().c_str(), MNT_DETACH);
    }

    const std::string& why_not() const { return why_not_; }
    std::string path() const { return scratch_ / "disk"; }
    std::string store() const { return path() + "/mlruns"; }

    /// Makes room, or less of it, on a tmpfs.
    void resize(std::uint64_t bytes) const {
        const std::string size = "size=" + std::to_string(bytes);
        if (::mount("none", path().c_str(), "tmpfs", MS_REMOUNT, size.c_str()) != 0) {
            give_up("a tmpfs cannot be resized");
        }
    }

  private:
    static bool ran(const std::string& command) { return std::system(command.c_str()) == 0; }
    void make_place() { std::filesystem::create_directories(path()); }

    scratch_directory scratch_;
    std::string why_not_;
};

}  // namespace test

#endif
