// SPDX-License-Identifier: MIT
/// \file Which machine this process runs on, and which shared libraries it has loaded.
#ifndef MLSCRIBE_MODEL_MACHINE_FACTS_HPP
#define MLSCRIBE_MODEL_MACHINE_FACTS_HPP

#include <mlscribe/config/host_name.hpp>
#include <mlscribe/file/directory.hpp>
#include <mlscribe/layout/document.hpp>
#include <mlscribe/model/command_line.hpp>
#include <mlscribe/reflect/document.hpp>
#include <mlscribe/tag/git_repository.hpp>
#include <mlscribe/tag/sha1.hpp>

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
#include <string>
#include <string_view>

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
    document libraries;    ///< a list of `{"name", "path"}`
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

inline int add_loaded_object(dl_phdr_info* object, std::size_t /*size*/, void* to) {
    auto& objects = *static_cast<loaded_objects*>(to);
    const std::string name = object->dlpi_name == nullptr ? "" : object->dlpi_name;
    if (name.empty() && objects.build_id.empty()) objects.build_id = find_build_id(*object);
    // The kernel's own object has no path.
    if (name.find('/') == std::string::npos) return 0;
    document library;
    add_member(library, "name", name.substr(name.rfind('/') + 1));
    // Behind links, since that name has the whole version.
    const std::string path = real_path(name);
    add_member(library, "path", path.empty() ? name : path);
    objects.libraries.items.push_back(std::move(library));
    return 0;
}
#endif

inline loaded_objects find_loaded_objects() {
    loaded_objects objects;
    objects.libraries.type = document::kind::list;
#if defined(__linux__)
    ::dl_iterate_phdr(add_loaded_object, &objects);
#endif
    return objects;
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
