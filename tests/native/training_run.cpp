// One small life of the engine with three threads: train with dropout, a penalty and a partial last
// batch, watch validation rows, evaluate and predict few rows and many in turn, so that runs of one
// and of three threads follow each other closely. tools/check_sanitizers.py builds it with
// ThreadSanitizer and with AddressSanitizer; equal lines mean equal weights.
#include <cstdio>
#include <vector>

#include "../../native/engine/dispatch.hpp"
#include "../../native/engine/trainer.hpp"

namespace {

constexpr int features = 20;
constexpr size_t many = 1030, few = 40;

template <class T>
void live() {
    hl::Program<T> program;
    int at = program.input(features);
    at = program.dense(at, 40, hl::Activation::relu, T(0), true, T(0.01));
    at = program.dropout(at, 0.2);
    at = program.dense(at, 17, hl::Activation::gelu, T(0), true, T(0));
    program.dense(at, 1, hl::Activation::linear, T(0), false, T(0));
    program.finish(false);

    hl::OptimizerSettings optimizer;
    optimizer.kind = hl::Optimizer::adam;
    const auto& kernels = hl::kernels_of<T>(hl::kernels_for(hl::available_isas().back()));
    hl::Trainer<T> trainer(std::move(program), kernels,
                           {hl::Loss::mean_squared_error, T(0), {hl::Metric::mean_absolute_error}},
                           optimizer, 1, 3, false);
    int number = 0;
    for (T& weight : trainer.parameters()) weight = static_cast<T>(number++ * 37 % 19 - 9) / 100;

    std::vector<T> inputs(many * features), targets(many), weights(many), predictions(many);
    for (size_t i = 0; i < inputs.size(); ++i) inputs[i] = static_cast<T>(i % 97) / 97;
    for (size_t i = 0; i < many; ++i) {
        targets[i] = inputs[i * features];
        weights[i] = static_cast<T>(i % 3);
    }
    const hl::Rows<T> all{inputs.data(), many, features, targets.data(), 1, weights.data()};
    const hl::Rows<T> some{inputs.data(), few, features, targets.data(), 1, nullptr};

    hl::FitSettings settings;
    settings.epochs = 4;
    settings.batch_size = 100;
    settings.early_stop.measure = 2;
    const hl::Report report = trainer.fit(all, &some, settings, {});
    double loss = 0.0;
    for (int turn = 0; turn < 20; ++turn) {
        loss += trainer.evaluate(turn % 2 ? all : some, [] { return true; })[0];
        trainer.predict(turn % 3 ? some : all, predictions.data(), [] { return true; });
    }
    std::printf("%zu epochs, losses %a\n", report.records.size(), loss);
}

}  // namespace

int main() {
    live<float>();
    live<double>();
}
