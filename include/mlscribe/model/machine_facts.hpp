// SPDX-License-Identifier: MIT
/// \file Which machine this process runs on, and which shared libraries it has loaded.
#ifndef MLSCRIBE_MODEL_MACHINE_FACTS_HPP
#define MLSCRIBE_MODEL_MACHINE_FACTS_HPP

#include <mlscribe/config/host_name.hpp>
#include <mlscribe/file/directory.hpp>
#include <mlscribe/layout/document.hpp>
#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/sha1.hpp>
#include <mlscribe/model/command_line.hpp>
#include <mlscribe/reflect/document_of.hpp>
#include <mlscribe/tag/git_repository.hpp>

#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>
#if defined(__linux__)
#    include <link.h>
#endif
#if defined(__GLIBC__)
#    include <gnu/libc-version.h>
#endif

#include <algorithm>
#include <cstddef>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What `/proc/cpuinfo` calls the first processor, or "".
inline std::string processor_name() {
    directory system;
    std::string text;
    if (directory::open("/proc", system) != 0 || system.read("cpuinfo", text) != 0) return {};
    const std::size_t found = text.find("model name");
    if (found == std::string::npos) return {};
    const std::size_t end = (std::min)(text.find('\n', found), text.size());
    const std::size_t begin = text.find(": ", found);
    return begin < end ? text.substr(begin + 2, end - begin - 2) : std::string();
}

inline std::string c_library_text() {
#if defined(__GLIBC__)
    return std::string("glibc ") + ::gnu_get_libc_version();
#else
    return {};
#endif
}

inline document machine_facts() {
    utsname system{};
    ::uname(&system);
    document facts;
    add_member(facts, "host", host_name());
    add_member(facts, "system", std::string(system.sysname) + ' ' + system.release);
    add_member(facts, "architecture", std::string(system.machine));
    add_member(facts, "processor", processor_name());
    add_member(facts, "processors", ::sysconf(_SC_NPROCESSORS_ONLN));
    add_member(facts, "c_library", c_library_text());
    return facts;
}

/// The objects in this process's memory.
struct loaded_objects {
    std::string build_id;  ///< of the program: what the linker names each build by, in hex
    std::vector<std::string> paths;  ///< of its libraries, as the linker loaded them
    bool is_whole = true;            ///< false where memory was out
};

#if defined(__linux__)
/// The build id among the notes of a program, or "".
inline std::string find_build_id(const dl_phdr_info& object) {
    for (std::size_t i = 0; i < object.dlpi_phnum; ++i) {
        const ElfW(Phdr)& segment = object.dlpi_phdr[i];
        if (segment.p_type != PT_NOTE) continue;
        // The notes stand in memory where the program header says: an address as a number.
        const auto* const begin = reinterpret_cast<const char*>(object.dlpi_addr + segment.p_vaddr);
        std::string_view notes(begin, segment.p_memsz);
        const auto padded = [](std::size_t size) { return (size + 3) / 4 * 4; };
        while (notes.size() >= sizeof(ElfW(Nhdr))) {
            ElfW(Nhdr) note;
            std::copy_n(notes.data(), sizeof note, reinterpret_cast<char*>(&note));
            notes.remove_prefix(sizeof note);
            const std::size_t name = padded(note.n_namesz);
            if (notes.size() < name + note.n_descsz) break;
            if (note.n_type == NT_GNU_BUILD_ID &&
                notes.substr(0, 4) == std::string_view("GNU\0", 4)) {
                return hex_text(notes.substr(name, note.n_descsz));
            }
            notes.remove_prefix((std::min)(notes.size(), name + padded(note.n_descsz)));
        }
    }
    return {};
}

/// The loader calls it with its lock held, and what it throws would leave that locked.
inline int add_loaded_object(dl_phdr_info* object, std::size_t /*size*/, void* to) noexcept {
    auto& objects = *static_cast<loaded_objects*>(to);
    MLSCRIBE_TRY {
        std::string name = object->dlpi_name == nullptr ? "" : object->dlpi_name;
        if (name.empty() && objects.build_id.empty()) objects.build_id = find_build_id(*object);
        // The kernel's own object has no path.
        if (name.find('/') != std::string::npos) objects.paths.push_back(std::move(name));
        return 0;
    }
    MLSCRIBE_CATCH_ALL {
        objects.is_whole = false;
    }
    return 1;
}
#endif

inline loaded_objects find_loaded_objects() {
    loaded_objects objects;
#if defined(__linux__)
    ::dl_iterate_phdr(add_loaded_object, &objects);
#endif
#if MLSCRIBE_HAS_EXCEPTIONS
    if (!objects.is_whole) throw std::bad_alloc();
#endif
    return objects;
}

/// A list of `{"name", "path"}`.
inline document library_facts(const std::vector<std::string>& paths) {
    document libraries;
    libraries.type = document::kind::list;
    for (const std::string& loaded : paths) {
        document library;
        add_member(library, "name", loaded.substr(loaded.rfind('/') + 1));
        // Behind links, since that name has the whole version.
        const std::string path = real_path(loaded);
        add_member(library, "path", path.empty() ? loaded : path);
        libraries.items.push_back(std::move(library));
    }
    return libraries;
}

/// The program, by its linker's build id rather than by a checksum that would read all of it.
inline document process_facts(const std::string& build_id) {
    document facts;
    add_member(facts, "program", real_path("/proc/self/exe"));
    add_member(facts, "build_id", build_id);
    add_member(facts, "command_line", command_line());
    add_member(facts, "working_directory", real_path("."));
    return facts;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
