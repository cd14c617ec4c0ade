// SPDX-License-Identifier: MIT
/// \file Makes a folder with a meta.yaml that stands beside runs or in one: a dataset, a model.
#ifndef MLSCRIBE_STORE_PUBLISH_FOLDER_HPP
#define MLSCRIBE_STORE_PUBLISH_FOLDER_HPP

#include <mlscribe/file/publish.hpp>
#include <mlscribe/file/staged_directory.hpp>
#include <mlscribe/layout/meta_document.hpp>
#include <mlscribe/store/meta_file.hpp>

#include <cerrno>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Makes `<parent>/<shelf>/<name>/meta.yaml` unless it is there (EEXIST). Its folder appears with
/// it: MLflow's search of the whole experiment breaks on one without.
/// \param run   in whose root it waits
/// \param fill  puts what else belongs into the folder; gives 0 or errno
/// \return 0 or errno
template <class Fill>
int publish_folder(const directory& run, const directory& parent, const std::string& shelf,
                   const std::string& name, const meta_document& meta, Fill&& fill) {
    const std::string text = meta.text();
    directory target;
    struct stat there {};
    if (parent.open_below(shelf, missing::fail, target) == 0 &&
        target.status(name + "/meta.yaml", there) == 0) {
        return EEXIST;
    }
    staged_directory staged(run, "");
    directory made;
    int failed = staged.open(made);
    if (failed == 0) failed = fill(made);
    if (failed == 0) failed = replace_file(made, meta_name, text, durability::synced);
    if (failed != 0) return failed;
    failed = ENOENT;
    // A run that begins removes the shelf again while it is empty.
    for (int attempt = 0; failed == ENOENT && attempt < 100; ++attempt) {
        failed = parent.open_below(shelf, missing::create, target);
        if (failed == 0) failed = staged.move_to(target, name);
    }
    if (failed != EEXIST) return failed;
    // A Python process makes the folder first.
    failed = target.open_below(name, missing::fail, made);
    return failed != 0 ? failed : publish_file(made, meta_name, text);
}
inline int publish_folder(const directory& run, const directory& parent, const std::string& shelf,
                          const std::string& name, const meta_document& meta) {
    return publish_folder(run, parent, shelf, name, meta, [](const directory&) { return 0; });
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
