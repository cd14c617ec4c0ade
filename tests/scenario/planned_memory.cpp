// SPDX-License-Identifier: MIT
/// \file Stands between the program and its memory: the linker prefers these definitions, in this
/// program and in the libraries it loads.
#include "planned_memory.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace test {

memory_plan& planned_memory() noexcept {
    thread_local memory_plan plan;
    return plan;
}

}  // namespace test

#if defined(__cpp_exceptions)

namespace {

bool is_refused() noexcept {
    test::memory_plan& plan = test::planned_memory();
    if (!plan.is_on) return false;
    const long left = plan.requests_before--;
    if (left > 0 || (left < 0 && !plan.for_good)) return false;
    ++plan.met;
    return true;
}

}  // namespace

void* operator new(std::size_t size) {
    void* const memory = is_refused() ? nullptr : std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return is_refused() ? nullptr : std::malloc(size == 0 ? 1 : size);
}
void* operator new[](std::size_t size) {
    return operator new(size);
}
void* operator new[](std::size_t size, const std::nothrow_t& none) noexcept {
    return operator new(size, none);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
    std::free(memory);
}

#endif
