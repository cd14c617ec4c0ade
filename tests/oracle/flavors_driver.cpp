// Logs models of the flavors and prints their directories; trains, loads, and prints predictions.
//   flavors_driver xgboost|lightgbm|torchscript <store> <file>
//   flavors_driver shared_library|signed_library <store> <library> <data file> <its name>
//   flavors_driver xgboost_file|lightgbm_file|torchscript_file <model>   where the loaded file lies
//   flavors_driver lightgbm_train|lightgbm_predict <file> <iris.csv> <lib_lightgbm.so>
//   flavors_driver booster <store> <iris.csv> ubj|json named|unnamed     trains and logs
//   flavors_driver dlib <store> <iris.csv>                               trains and logs
//   flavors_driver booster_load|dlib_load|dlib_load_unverified <model> <iris.csv>
#include <mlscribe/flavor/lightgbm.hpp>
#include <mlscribe/flavor/shared_library.hpp>
#include <mlscribe/flavor/torchscript.hpp>
#include <mlscribe/flavor/xgboost_file.hpp>
#include <mlscribe/model/load_model.hpp>

#include <dlfcn.h>

#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "flavor_data.hpp"
#if MLSCRIBE_WITH_XGBOOST
#    include "xgboost_commands.hpp"
#endif
#if MLSCRIBE_WITH_DLIB
#    include "dlib_commands.hpp"
#endif

namespace {

/// LightGBM's C API as its Python package brings it, which has no header.
class lightgbm {
  public:
    explicit lightgbm(const char* path) : library_(::dlopen(path, RTLD_NOW)) {
        if (library_ == nullptr) throw std::runtime_error(::dlerror());
    }

    void* trained(const flowers::table& data) {
        void* set = nullptr;
        void* booster = nullptr;
        const char* parameters = "objective=multiclass num_class=3 verbosity=-1 num_threads=1";
        call<int(const void*, int, std::int32_t, std::int32_t, int, const char*, void*, void**)>(
            "LGBM_DatasetCreateFromMat", data.rows.data(), float64, rows(data), columns, 1,
            parameters, nullptr, &set);
        call<int(void*, const char*, const void*, int, int)>("LGBM_DatasetSetField", set, "label",
                                                             data.kinds.data(), rows(data), 0);
        call<int(void*, const char*, void**)>("LGBM_BoosterCreate", set, parameters, &booster);
        for (int round = 0, finished = 0; round != 5 && finished == 0; ++round) {
            call<int(void*, int*)>("LGBM_BoosterUpdateOneIter", booster, &finished);
        }
        return booster;
    }

    void save(void* booster, const char* path) {
        call<int(void*, int, int, int, const char*)>("LGBM_BoosterSaveModel", booster, 0, -1, 0,
                                                     path);
    }

    void* loaded(const char* path) {
        int rounds = 0;
        void* booster = nullptr;
        call<int(const char*, int*, void**)>("LGBM_BoosterCreateFromModelfile", path, &rounds,
                                             &booster);
        return booster;
    }

    void print_predictions(void* booster, const flowers::table& data) {
        std::vector<double> out(data.kinds.size() * 3);
        std::int64_t count = 0;
        call<int(void*, const void*, int, std::int32_t, std::int32_t, int, int, int, int,
                 const char*, std::int64_t*, double*)>(
            "LGBM_BoosterPredictForMat", booster, data.rows.data(), float64, rows(data), columns, 1,
            0, 0, -1, "", &count, out.data());
        flowers::print(out.data(), count);
    }

  private:
    static constexpr int float64 = 1;
    static constexpr std::int32_t columns = 4;
    static std::int32_t rows(const flowers::table& data) {
        return static_cast<std::int32_t>(data.count());
    }

    template <class Function, class... Arguments>
    void call(const char* name, Arguments... arguments) {
        const auto function = reinterpret_cast<Function*>(::dlsym(library_, name));
        if (function == nullptr || function(arguments...) != 0) {
            throw std::runtime_error(std::string(name) + " failed");
        }
    }

    void* library_;
};

template <class File>
void print_place(const char* model) {
    std::printf("%s\n", mlscribe::load_model<File>(model).path.c_str());
}

void log_library(char** words, const mlscribe::model_options& options) {
    flowers::log(words[0], mlscribe::shared_library_model{words[1], {{words[2], words[3]}}},
                 options);
}

mlscribe::model_options four_numbers() {
    mlscribe::model_options options;
    options.signature.inputs = {mlscribe::model_field::tensor("float64", {-1, 4})};
    return options;
}

void answer(const std::string& command, char** words) {
    if (command == "xgboost") {
        flowers::log(words[0], mlscribe::xgboost_file{words[1]});
    } else if (command == "lightgbm") {
        flowers::log(words[0], mlscribe::lightgbm_file{words[1]});
    } else if (command == "torchscript") {
        flowers::log(words[0], mlscribe::torchscript_file{words[1], "2.1.0"});
    } else if (command == "shared_library") {
        log_library(words, {});
    } else if (command == "signed_library") {
        log_library(words, four_numbers());
    } else if (command == "xgboost_file") {
        print_place<mlscribe::xgboost_file>(words[0]);
    } else if (command == "lightgbm_file") {
        print_place<mlscribe::lightgbm_file>(words[0]);
    } else if (command == "torchscript_file") {
        print_place<mlscribe::torchscript_file>(words[0]);
    } else if (command == "lightgbm_train" || command == "lightgbm_predict") {
        lightgbm library(words[2]);
        const flowers::table data = flowers::read(words[1]);
        const bool train = command == "lightgbm_train";
        void* const booster = train ? library.trained(data) : library.loaded(words[0]);
        if (train) library.save(booster, words[0]);
        library.print_predictions(booster, data);
#if MLSCRIBE_WITH_XGBOOST
    } else if (command == "booster") {
        boosting::log(words);
    } else if (command == "booster_load") {
        boosting::load(words);
#endif
#if MLSCRIBE_WITH_DLIB
    } else if (command == "dlib") {
        kernels::log(words);
    } else if (command == "dlib_load" || command == "dlib_load_unverified") {
        kernels::load(words, command == "dlib_load");
#endif
    } else {
        throw std::invalid_argument("no command " + command);
    }
}

}  // namespace

int main(int count, char** words) {
    if (count < 3) return 2;
    return flowers::answered([words] { answer(words[1], words + 2); });
}
