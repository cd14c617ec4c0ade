// SPDX-License-Identifier: MIT
/// \file Writes a picture into a run; each of its files appears whole.
#ifndef MLSCRIBE_IMAGE_IMAGE_WRITING_HPP
#define MLSCRIBE_IMAGE_IMAGE_WRITING_HPP

#include <mlscribe/artifact/artifact_writer.hpp>
#include <mlscribe/artifact/run_writing.hpp>
#include <mlscribe/file/staged_file.hpp>
#include <mlscribe/image/image_name.hpp>
#include <mlscribe/image/image_pixels.hpp>
#include <mlscribe/image/png_bytes.hpp>
#include <mlscribe/image/thumbnail.hpp>
#include <mlscribe/store/tag_file.hpp>

#include <optional>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The UI shows the image grid where it is set.
inline constexpr std::string_view logged_images_tag = "mlflow.loggedImages";

template <class Image>
class image_writing;

/// Everything about log_image() that does not know the picture's type.
class untyped_image_writing : public run_writing {
  public:
    error write(const run_place& run) override { return step_ ? add(run) : put(run); }

  protected:
    explicit untyped_image_writing(std::string_view path) noexcept : name_(path) {}
    untyped_image_writing(std::string_view key, const checked_step& step,
                          const std::optional<timestamp>& at = {}) noexcept
        : name_(key), step_(step), at_(at) {}
    ~untyped_image_writing() = default;

  private:
    virtual error read(std::string& bytes, image_view& image, error& remark) = 0;

    error put(const run_place& run) {
        if (error failure = check_image_path(name_)) return failure;
        if (error failure = draw()) return failure;
        error failure = write_text_artifact(run.folder, name_, picture_);
        return failure ? failure : remark();
    }

    error add(const run_place& run) {
        std::string stem;
        if (error failure = make_image_stem(name_, *step_, at_, stem)) return failure;
        if (error failure = draw()) return failure;
        std::string pixels;
        const image_view scaled = thumbnail_of(image_, pixels);
        std::string thumbnail;
        if (scaled.data == image_.data) {
            thumbnail = picture_;
        } else {
            // Whole squares of one colour need no clever filter.
            const bool squares = scaled.width > image_.width;
            error failure =
                png_bytes(scaled, squares ? png_packing::quick : png_packing::tight, thumbnail);
            if (failure) return about(std::move(failure));
        }
        if (const int failed = publish(run.folder, "artifacts/" + stem, thumbnail)) {
            return system_error("cannot write image", "artifacts/" + stem, failed);
        }
        struct stat found {};
        const std::string tag = "tags/" + std::string(logged_images_tag);
        if (run.folder.status(tag, found) != 0) {
            if (error failure = write_tag(run.folder, run.path, logged_images_tag, "True")) {
                return failure;
            }
        }
        return remark();
    }

    /// Both files are complete before the first is seen. The grid passes over a thumbnail alone,
    /// and has a broken picture where it finds one without its thumbnail.
    int publish(const directory& run, const std::string& stem, const std::string& thumbnail) const {
        staged_file second(run);
        staged_file first(run);
        int failed = second.fill(picture_, durability::cached);
        if (failed == 0) failed = first.fill(thumbnail, durability::cached);
        const std::string first_name = stem + std::string(thumbnail_ending);
        if (failed == 0) failed = first.rename_to(first_name);
        if (failed != 0) return failed;
        failed = second.rename_to(stem + std::string(image_ending));
        if (failed != 0) run.remove(first_name);
        return failed;
    }

    error draw() {
        error failure = read(pixels_, image_, remark_);
        if (!failure) failure = png_bytes(image_, png_packing::tight, picture_);
        return about(std::move(failure));
    }

    error remark() { return about(std::move(remark_)); }

    error about(error failure) const {
        if (failure) failure.message = "image \"" + shown(name_) + "\": " + failure.message;
        return failure;
    }

    const std::string_view name_;
    const std::optional<checked_step> step_ = {};
    const std::optional<timestamp> at_ = {};
    std::string pixels_;
    image_view image_{};
    std::string picture_;
    error remark_;
};

template <class Image>
class image_writing final : public untyped_image_writing {
  public:
    template <class... Where>
    explicit image_writing(const Image& image, const Where&... where)
        : untyped_image_writing(where...), from_(image) {}

  private:
    error read(std::string& bytes, image_view& image, error& remark) override {
        return read_pixels(from_, bytes, image, remark);
    }

    const Image& from_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
