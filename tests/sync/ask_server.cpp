// SPDX-License-Identifier: MIT
/// \file ask_server URI: asks what answers there, once. Prints the server's version, or what
/// failed.
#include <mlscribe/sync/tracking_server.hpp>

#include <cstdio>

int main(int count, char** arguments) {
    mlscribe::detail::server_settings settings;
    mlscribe::error failure =
        mlscribe::detail::read_server_settings(count == 2 ? arguments[1] : "", settings);
    if (!failure) {
        settings.most_retries = 0;
        mlscribe::detail::tracking_server server(settings);
        failure = server.check();
        std::puts(failure ? failure.message.c_str() : server.version().c_str());
    } else {
        std::puts(failure.message.c_str());
    }
    return failure ? 1 : 0;
}
