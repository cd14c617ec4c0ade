// SPDX-License-Identifier: MIT
/// \file Leaves a store for each of the reported cases below a directory, as they end where nothing
/// is wrong any more.
#include <mlscribe/mlscribe.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

enum class activation { relu };
struct optimizer {
    float lr = 1e-3f;
    std::array<double, 2> betas{0.9, 0.999};
};
struct training {
    optimizer opt;
    std::vector<int> layers{64, 32};
    bool amp = true;
    std::optional<int> seed;
    activation act = activation::relu;
};
MLSCRIBE_DESCRIBE(optimizer, lr, betas)
MLSCRIBE_DESCRIBE(training, opt, layers, amp, seed, act)

/// The store of one case, with an experiment of the same name. What the library says about bad
/// input is what the case is about.
class case_store {
  public:
    case_store(const std::string& root, std::string name)
        : name_(std::move(name)), store_(root + '/' + name_ + "/mlruns") {}

    const std::string& path() const noexcept { return store_; }
    mlscribe::run_options options(const std::string& run_name = "run") const {
        mlscribe::run_options chosen;
        chosen.tracking_uri = store_;
        chosen.experiment = name_;
        chosen.run_name = run_name;
        chosen.on_error = [](const mlscribe::error&) {};
        return chosen;
    }
    mlscribe::run start(const std::string& run_name = "run") const {
        return recorded(mlscribe::start_run(options(run_name)));
    }
    template <class... From>
    mlscribe::run resume(const std::string& id, From... from) const {
        mlscribe::resume_options chosen;
        chosen.tracking_uri = store_;
        chosen.on_error = [](const mlscribe::error&) {};
        return recorded(mlscribe::resume_run(id, from..., chosen));
    }
    std::string folder(const mlscribe::run& run) const {
        return store_ + '/' + std::string(run.experiment_id()) + '/' + std::string(run.id());
    }

    enum class when { it_starts, it_logs, it_logged };

    /// A process that is killed so long after `moment`. \return the id of its run
    std::string killed(when moment, useconds_t microseconds,
                       const std::function<void(mlscribe::run&)>& log) const {
        const std::string id = mlscribe::detail::random_run_id();
        int ready[2];
        if (::pipe(ready) != 0) throw std::runtime_error("no pipe");
        const pid_t child = ::fork();
        if (child == 0) {
            const auto tell = [&](when reached) {
                if (moment == reached && ::write(ready[1], "x", 1) != 1) ::_exit(1);
            };
            tell(when::it_starts);
            mlscribe::run_options chosen = options("killed");
            chosen.run_id = id;
            mlscribe::run run = mlscribe::start_run(chosen);
            tell(when::it_logs);
            log(run);
            tell(when::it_logged);
            for (;;) ::pause();
        }
        char told = 0;
        if (::read(ready[0], &told, 1) != 1) throw std::runtime_error("no child");
        ::usleep(microseconds);
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
            throw std::runtime_error("a process was not killed");
        }
        ::close(ready[0]);
        ::close(ready[1]);
        return id;
    }

  private:
    static mlscribe::run recorded(mlscribe::run run) {
        if (!run.recording()) throw std::runtime_error("no run");
        return run;
    }

    std::string name_;
    std::string store_;
};

void log_steps(mlscribe::run& run, std::int64_t from, std::int64_t to) {
    for (std::int64_t step = from; step < to; ++step) {
        run.log_metric("train/loss", 1.0 / static_cast<double>(step + 1), step);
        run.log_metric("val/loss", 2.0 / static_cast<double>(step + 1), step);
    }
}

void killed_starts(const case_store& store) {
    for (unsigned i = 0; i < 40; ++i) {
        store.killed(case_store::when::it_starts, 250 * i,
                     [](mlscribe::run& run) { run.log_metric("loss", 1.0); });
    }
    // On a slow machine none of them came far.
    store.start().log_metric("loss", 1.0);
    mlscribe::recover(store.path());
}

void killed_runs(const case_store& store) {
    for (unsigned i = 1; i < 8; ++i) {
        const std::string id =
            store.killed(case_store::when::it_logs, 30000 * i, [](mlscribe::run& run) {
                for (std::int64_t step = 0; step < 100000; ++step) {
                    run.log_metric("train/loss", 1.0 / static_cast<double>(step + 1), step);
                    if (step % 2 == 0) ::usleep(50);
                }
            });
        // Some are left as they are: readable, and running for ever.
        if (i % 3 == 0) continue;
        if (i % 3 == 1) mlscribe::recover(store.path());
        if (i % 3 == 2) store.resume(id).log_metric("train/loss", 0.5);
    }
}

void torn_lines(const case_store& store) {
    for (const std::string torn : {"1700", "1700000000001 0.98", "1700000000001 0.9877 4", ""}) {
        std::string id;
        std::string folder;
        {
            const mlscribe::run run = store.start();
            id = run.id();
            folder = store.folder(run);
        }
        std::ofstream(folder + "/metrics/val") << "1700000000000 0.9876 41\n" << torn;
        store.resume(id).log_metric("val", 0.5, 43);
    }
}

void keys(const case_store& store) {
    for (const auto kept : {mlscribe::sanitize::none, mlscribe::sanitize::map}) {
        mlscribe::run_options options = store.options();
        options.keys = kept;
        mlscribe::run run = mlscribe::start_run(options);
        for (const char* key : {"loss",
                                "loss/train",
                                "acc/val",
                                "acc",
                                "recall@5",
                                "lr(enc)",
                                "acc%",
                                "a,b",
                                "a[0]",
                                "a@b",
                                "a%b",
                                "",
                                "/abs",
                                "x/",
                                "a//b",
                                "./x",
                                "a/../b",
                                "..",
                                "a/..",
                                "a\\b",
                                "lr:encoder",
                                "gr\xC3\xB6\xC3\x9F"
                                "e",
                                "\xE6\x90\x8D\xE5\xA4\xB1"}) {
            run.log_metric(key, 1.0, 0);
            run.log_param(key, 1);
            run.set_tag(key, "x");
        }
    }
}

void params(const case_store& store) {
    mlscribe::run run = store.start();
    const std::vector<std::string> values = {"hello\nworld",
                                             "a\n",
                                             "",
                                             "  lead trail  ",
                                             "tab\there",
                                             "\xF0\x9F\x98\x80",
                                             std::string(6000, 'a'),
                                             std::string(6001, 'a'),
                                             std::string(20000, 'b'),
                                             "/home/J\xFCrgen"};
    for (std::size_t i = 0; i < values.size(); ++i) {
        run.log_param("p" + std::to_string(i), values[i]);
        run.set_tag("t" + std::to_string(i), values[i]);
    }
    run.log_param("lr", 0.1);
    run.log_params(training{});
    run.end(mlscribe::run_status::killed);
    mlscribe::run again = store.resume(std::string(run.id()));
    again.log_param("lr", 0.05);
    again.log_param("new", 1);
}

void names(const case_store& store) {
    for (const char* name : {"yes", "1.0", "2024-01-01", "a: b", "- x", "*a", "", "null",
                             "\xE6\x97\xA5\xE6\x9C\xAC", "it's", "J\xFCrgen"}) {
        store.start(name).set_description(name);
    }
}

void values(const case_store& store) {
    mlscribe::run run = store.start();
    const double infinity = std::numeric_limits<double>::infinity();
    for (int round = 0; round < 20; ++round) {
        int step = 0;
        for (const double value : {std::numeric_limits<double>::quiet_NaN(), infinity, -infinity,
                                   -std::numeric_limits<double>::quiet_NaN(),
                                   (std::numeric_limits<double>::max)(), 0.0, -0.0, 0.5}) {
            run.log_metric("x", value, step++);
        }
    }
    run.log_metric("steps", 1, (std::int64_t{1} << 53) + 1);
    run.log_metric("steps", 1, INT64_MAX);
    for (int i = 0; i < 10; ++i) run.log_metric("counted", 0.5);
    run.log_metric("counted", 0.5, 100);
    run.log_metric("counted", 0.5);
}

void repeats(const case_store& store) {
    mlscribe::run run = store.start();
    for (int i = 0; i < 1000; ++i) run.log_metric("x", 1.0, 7);
    for (int i = 0; i < 10; ++i) run.log_metric("x", 1.0, 7, mlscribe::timestamp{1700000000000});
    run.end();
    for (int i = 0; i < 2; ++i) store.resume(std::string(run.id())).log_metric("x", 0.5, 0);
}

void rolled_back(const case_store& store) {
    const std::string id = store.killed(case_store::when::it_logged, 0,
                                        [](mlscribe::run& run) { log_steps(run, 0, 213); });
    mlscribe::run run = store.resume(id, mlscribe::from_step{200});
    log_steps(run, 200, 251);
}

void thinned(const case_store& store) {
    mlscribe::run_options options = store.options();
    options.thinning = mlscribe::keep{1000};
    mlscribe::run run = mlscribe::start_run(options);
    mlscribe::metric_handle loss = run.metric("loss");
    for (int i = 0; i < 100000; ++i) loss.log(0.001 * (i % 1013));
}

void ends(const case_store& store) {
    try {
        const mlscribe::run failed = store.start("failed");
        throw std::runtime_error("diverged");
    } catch (const std::runtime_error&) {
        store.start("finished").log_metric("loss", 1.0);
    }
    store.start("killed").end(mlscribe::run_status::killed);
}

void processes(const case_store& store) {
    const mlscribe::run parent = store.start("parent");
    std::vector<pid_t> children;
    for (int i = 0; i < 8; ++i) {
        children.push_back(::fork());
        if (children.back() != 0) continue;
        mlscribe::run_options options = store.options("child");
        options.parent_run_id = std::string(parent.id());
        {
            mlscribe::run run = mlscribe::start_run(options);
            log_steps(run, 0, 10);
        }
        ::_exit(0);
    }
    for (const pid_t child : children) {
        int status = 0;
        if (::waitpid(child, &status, 0) != child || status != 0) {
            throw std::runtime_error("a process failed");
        }
    }
}

void threads(const case_store& store) {
    mlscribe::run run = store.start();
    mlscribe::metric_handle shared = run.metric("shared");
    std::vector<std::thread> workers;
    for (int thread = 0; thread < 8; ++thread) {
        workers.emplace_back([&run, shared, thread]() mutable {
            mlscribe::metric_handle own = run.metric("thread/" + std::to_string(thread));
            for (int i = 0; i < 1000; ++i) {
                shared.log(i);
                own.log(i);
            }
        });
    }
    for (std::thread& worker : workers) worker.join();
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) return 2;
    const std::pair<const char*, void (*)(const case_store&)> cases[] = {
        {"killed_starts", killed_starts},
        {"killed_runs", killed_runs},
        {"torn_lines", torn_lines},
        {"keys", keys},
        {"params", params},
        {"names", names},
        {"values", values},
        {"repeats", repeats},
        {"rolled_back", rolled_back},
        {"thinned", thinned},
        {"ends", ends},
        {"processes", processes},
        {"threads", threads}};
    for (const auto& [name, leave] : cases) {
        leave(case_store(arguments[1], name));
        std::puts(name);
    }
}
