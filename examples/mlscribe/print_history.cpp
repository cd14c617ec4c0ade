// SPDX-License-Identifier: MIT
#include "print_history.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "metric_choice.hpp"
#include "run_choice.hpp"
#include "run_json.hpp"
#include "value_text.hpp"

namespace tool {

exit_code print_history(session& of, const std::string& word, const std::string& key) {
    const std::string id = chosen_run(of, word);
    output& out = of.out();
    std::uint64_t count = 0;
    of.store().for_each_point(id, key, [&](const mlscribe::point& row) {
        if (of.json()) {
            out.write(point_json(row) + '\n');
        } else {
            if (count == 0) {
                out.write(out.painted(fmt::format("{:<8}  {:<19}  {}", "step", "time", "value"),
                                      ink::bold) +
                          '\n');
            }
            out.write(fmt::format("{:<8}  {}  {}\n", row.step, of.time(row.timestamp),
                                  exact_number(row.value)));
        }
        ++count;
    });
    if (count > 0) return exit_code::done;
    tell(no_metric(of.store().get_run(id), key));
    return exit_code::nothing;
}

}  // namespace tool
