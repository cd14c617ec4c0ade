// SPDX-License-Identifier: MIT
/// \file A program that is soon compiled, and needs all that the library brings along: its headers,
/// fmt and Boost.Filesystem.
#include <mlscribe/store/client.hpp>

#include <fmt/format.h>

#include <string>

int main() {
    const std::string id = mlscribe::client("mlruns").create_experiment("packaged");
    fmt::print("{}\n", id);
    return id.empty() ? 1 : 0;
}
