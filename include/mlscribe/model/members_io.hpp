// SPDX-License-Identifier: MIT
/// \file How a type is saved that needs no function of its own: JSON, and arrays as .npy files.
#ifndef MLSCRIBE_MODEL_MEMBERS_IO_HPP
#define MLSCRIBE_MODEL_MEMBERS_IO_HPP

#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/model/model_io.hpp>
#include <mlscribe/model/value_loader.hpp>
#include <mlscribe/model/value_saver.hpp>

#include <cstddef>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

/// Arrays of numbers, which are what is large in a model, are files of their own.
inline constexpr std::size_t max_model_json_bytes = std::size_t{256} << 20;

/// Saves a reflected struct, list or array by its values, into `<folder>/model.json`: a struct or a
/// map is an object there, an array of numbers the name of a .npy file in the same folder (NumPy's
/// format, little endian), another list a list, an enumerator its number, an empty optional null;
/// numbers keep every digit. This is what log_model() does with a type that has no save function;
/// one that has may begin with it.
template <class Value>
void save_value(const Value& value, model_saver& to, const std::string& folder = "data") {
    document saved;
    detail::value_saver(to, folder).save(saved, value);
    to.write(folder + "/model.json", json_text(saved));
}

/// The way back. Members go by their names, whose order may change; one that the file does not have
/// must be a std::optional. \onfailure damaged, not_found, system (also for more than
/// max_model_json_bytes): kept in `from` \cost memory for the text and for what the value holds
template <class Value>
void load_value(Value& value, model_files& from, const std::string& folder = "data") {
    const std::string text = from.read(folder + "/model.json", max_model_json_bytes);
    if (from.failure()) return;
    detail::json_scanner whole(text);
    bool good = detail::skip_json_value(whole);
    if (good) whole.skip_blanks();
    good = good && whole.at_end();
    if (good) {
        detail::json_scanner saved(text);
        detail::value_loader(from, folder).load(saved, value);
    } else {
        from.fail({error_code::damaged, 0,
                   "model \"" + from.path() + "\": " + folder +
                       "/model.json is no JSON from byte " + std::to_string(whole.position()) +
                       " on"});
    }
}

/// A type with the two functions beside it.
template <class Model>
struct model_io<Model, std::enable_if_t<detail::has_save_model_v<Model>>> {
    static void save(const Model& model, model_saver& to) { save_model(model, to); }
    static Model load(model_files& from) {
        static_assert(detail::has_load_model_v<Model>,
                      "mlscribe: load_model<Model>() needs `void load_model(Model&, "
                      "mlscribe::model_files&)` beside the type");
        Model model{};
        load_model(model, from);
        return model;
    }
};

/// A type without, by its values.
template <class Model>
struct model_io<
    Model, std::enable_if_t<!detail::has_save_model_v<Model> && detail::is_model_value_v<Model>>> {
    static void save(const Model& model, model_saver& to) { save_value(model, to); }
    static Model load(model_files& from) {
        Model model{};
        load_value(model, from);
        return model;
    }
};

MLSCRIBE_NAMESPACE_END

#endif
