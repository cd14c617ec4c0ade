// SPDX-License-Identifier: MIT
/// \file Whatever dlib serialises, kept as a model for C++ programs.
#ifndef MLSCRIBE_FLAVOR_DLIB_HPP
#define MLSCRIBE_FLAVOR_DLIB_HPP

#include <mlscribe/flavor/flavor_settings.hpp>

#include <istream>
#include <ostream>
#include <streambuf>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// A network, decision function, matrix …, or any type with dlib's two functions beside it:
/// `serialize(const T&, std::ostream&)` and `deserialize(T&, std::istream&)`. It is referred to,
/// not copied: `run.log_model("digits", mlscribe::dlib_model(net))`; and back:
/// `mlscribe::load_model<mlscribe::dlib_model<net_type>>(uri).object`.
///
/// MLflow lists and registers such a model; Python predicts with it through shared_library.hpp.
template <class T>
struct dlib_model {
    dlib_model() = default;
    explicit dlib_model(T value) : object(std::forward<T>(value)) {}

    T object;
};
template <class T>
dlib_model(const T&) -> dlib_model<const T&>;

namespace detail {

/// Appends to a text what is written to it.
class text_sink : public std::streambuf {
  public:
    std::string text;

  private:
    int_type overflow(int_type c) override {
        if (!traits_type::eq_int_type(c, traits_type::eof())) {
            text += traits_type::to_char_type(c);
        }
        return traits_type::not_eof(c);
    }
    std::streamsize xsputn(const char* bytes, std::streamsize count) override {
        text.append(bytes, static_cast<std::size_t>(count));
        return count;
    }
};

/// Reads a text.
class text_source : public std::streambuf {
  public:
    explicit text_source(std::string& text) {
        setg(text.data(), text.data(), text.data() + text.size());
    }
    std::streamsize left() const noexcept { return egptr() - gptr(); }
};

}  // namespace detail

/// The flavor dlib alone: MLflow has no loader for it. What dlib throws at bytes that it does not
/// know is a failure of the call.
template <class T>
struct model_io<dlib_model<T>> {
    static void save(const dlib_model<T>& model, model_saver& to) {
        detail::text_sink bytes;
        std::ostream stream(&bytes);
        serialize(model.object, stream);
        to.write("model.dat", bytes.text);
        to.add_flavor("dlib", detail::flavor_settings({{"data", "model.dat"}}));
    }

    static dlib_model<T> load(model_files& from) {
        dlib_model<T> loaded;
        const std::string name = detail::flavor_data(from, "dlib");
        std::string bytes = from.read(name);
        if (from.failure()) return loaded;
        detail::text_source source(bytes);
        std::istream stream(&source);
        deserialize(loaded.object, stream);
        if (source.left() != 0) {
            from.fail({error_code::damaged, 0,
                       '"' + from.path() + '/' + name + "\" holds " +
                           std::to_string(source.left()) +
                           " bytes more than this type reads; load the type that was saved"});
        }
        return loaded;
    }
};

MLSCRIBE_NAMESPACE_END

#endif
