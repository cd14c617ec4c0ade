// SPDX-License-Identifier: MIT
/// \file Writes the report of a run into the run.
#ifndef MLSCRIBE_REPORT_REPORT_WRITING_HPP
#define MLSCRIBE_REPORT_REPORT_WRITING_HPP

#include <mlscribe/artifact/artifact_path.hpp>
#include <mlscribe/artifact/artifact_writer.hpp>
#include <mlscribe/artifact/run_writing.hpp>
#include <mlscribe/report/report_page.hpp>

#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class Options>
class report_writing final : public run_writing {
  public:
    /// \param options  null: the usual ones
    report_writing(std::string_view path, const Options* options)
        : path_(path), options_(options == nullptr ? Options{} : *options) {}

    error write(const run_place& place) override {
        if (error failure = check_artifact_kind(path_, report_kind)) return failure;
        directory folder;
        const int failed = place.folder.open_below("", missing::fail, folder);
        if (failed != 0) return system_error("cannot read", place.path, failed);
        meta_document document;
        if (error failure = read_settled_meta(folder, place.path, document)) return failure;
        std::string why;
        auto info = read_run_meta(document, &why);
        if (!info) return {error_code::damaged, 0, '"' + place.path + "/meta.yaml\": " + why};
        reported_runs runs;
        runs.emplace_back(std::move(folder), place.path, std::move(*info));
        return write_text_artifact(place.folder, path_, report_page(runs, options_, path_).html());
    }

  private:
    std::string path_;
    const report_options options_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
