// SPDX-License-Identifier: MIT
/// \file dlib's dnn_trainer: loss, learning rate and accuracy of each epoch, a checkpoint every
/// five, the network as a model. `dlib_trainer <epochs> <run id>` goes on with a run that was
/// killed, or that is to have more epochs.
///
/// Prints, with … for digits that differ between versions of dlib:
///
///     epoch  5  loss 0.6…  accuracy 0.7…
///     epoch 10  loss 0.4…  accuracy 0.8…
///     epoch 15  loss 0.4…  accuracy 0.9…
///     epoch 20  loss 0.3…  accuracy 0.9…
#include <mlscribe/flavor/dlib.hpp>
#include <mlscribe/mlscribe.hpp>

#include <dlib/dnn.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "iris_flowers.hpp"

using flower = dlib::matrix<float, features, 1>;
using network =
    dlib::loss_multiclass_log<dlib::fc<classes, dlib::relu<dlib::fc<8, dlib::input<flower>>>>>;

struct hyperparameters {
    double learning_rate = 0.02;  // of the first step
    double decay = 0.95;          // of the learning rate, each epoch
    double momentum = 0.9;
    std::size_t batch_size = 16;
};
MLSCRIBE_DESCRIBE(hyperparameters, learning_rate, decay, momentum, batch_size)

struct labelled {
    explicit labelled(const flowers& from) : species(from.species.begin(), from.species.end()) {
        for (std::size_t i = 0; i != from.count(); ++i) {
            rows.push_back(dlib::mat(&from.measures[i * features], features, 1));
        }
    }
    std::vector<flower> rows;
    std::vector<unsigned long> species;
};

double accuracy_of(network& net, const labelled& on) {
    const auto guesses = net(on.rows);
    std::size_t right = 0;
    for (std::size_t i = 0; i != guesses.size(); ++i) right += guesses[i] == on.species[i];
    return static_cast<double>(right) / static_cast<double>(guesses.size());
}

int main(int argc, char** argv) {
    const int epochs = argc > 1 ? std::atoi(argv[1]) : 20;
    const bool goes_on = argc > 2;
    const char* const saved = "dlib_trainer.dat";
    const split iris = read_iris(IRIS_CSV);
    const labelled training(iris.training), held_out(iris.held_out);

    auto run = goes_on ? mlscribe::resume_run(argv[2], mlscribe::from_checkpoint{"latest"})
                       : mlscribe::start_run("libraries", "dlib");
    const hyperparameters chosen;
    run.log_params(chosen);
    auto loss = run.metric("train/loss");
    auto learning_rate = run.metric("train/learning_rate");
    auto accuracy = run.metric("val/accuracy");

    network net;
    dlib::dnn_trainer<network> trainer(net,
                                       dlib::sgd(0.0005F, static_cast<float>(chosen.momentum)));
    trainer.set_learning_rate(chosen.learning_rate);
    if (goes_on) dlib::deserialize(saved) >> trainer;

    const std::size_t size = training.rows.size();
    for (auto epoch : run.epochs(epochs)) {
        trainer.clear_average_loss();
        for (std::size_t first = 0; first < size; first += chosen.batch_size) {
            const std::size_t last = (std::min)(size, first + chosen.batch_size);
            trainer.train_one_step(&training.rows[first], training.rows.data() + last,
                                   &training.species[first]);
        }
        const double mean_loss = trainer.get_average_loss();  // waits for dlib's own thread
        const double right = accuracy_of(trainer.get_net(dlib::force_flush_to_disk::no), held_out);
        loss.log(mean_loss);
        learning_rate.log(trainer.get_learning_rate());
        accuracy.log(right);
        trainer.set_learning_rate(trainer.get_learning_rate() * chosen.decay);
        if (epoch % 5 != 4) continue;
        std::printf("epoch %2d  loss %.4f  accuracy %.3f\n", static_cast<int>(epoch) + 1, mean_loss,
                    right);
        dlib::serialize(saved) << trainer;
        run.checkpoint("latest");  // last in the pass: what it logs is done
    }
    run.log_model("flowers", mlscribe::dlib_model(net));
}
