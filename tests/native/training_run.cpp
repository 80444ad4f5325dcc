// One small life of the engine with three threads: train with dropout, a penalty and a partial last
// batch, watch validation rows, evaluate and predict few rows and many in turn, so that runs of one
// and of three threads follow each other closely; then train a small population on three threads.
// tools/check_sanitizers.py builds it with ThreadSanitizer and with AddressSanitizer; equal lines
// mean equal weights.
#include <cstdio>
#include <memory>
#include <vector>

#include "../../native/engine/dispatch.hpp"
#include "../../native/engine/population.hpp"

namespace {

constexpr int features = 20;
constexpr size_t many = 1030, few = 40;

// Seven small networks over rows of their own, on three threads, in two calls.
template <class T>
double live_together(const hl::Rows<T>& table) {
    const auto& kernels = hl::kernels_of<T>(hl::kernels_for(hl::available_isas().back()));
    std::vector<uint32_t> places;
    for (uint32_t i = 0; i < many; i += 3) places.push_back(i);
    hl::Rows<T> rows = table, held_out = table;
    rows.subset = places.data();
    rows.n = places.size();
    held_out.n = few;
    std::vector<std::unique_ptr<hl::Trainer<T>>> trainers;
    std::vector<std::unique_ptr<hl::TrainerMember<T>>> members;
    std::vector<hl::Job> jobs;
    for (int i = 0; i < 7; ++i) {
        hl::Program<T> program;
        program.dense(program.input(features), 3 + i, hl::Activation::tanh, T(0), true, T(0));
        program.dense(1, 1, hl::Activation::linear, T(0), true, T(0));
        program.finish(false);
        hl::OptimizerSettings optimizer;
        optimizer.learning_rate.kind = hl::ScheduleKind::cosine_decay;
        optimizer.learning_rate.decay_steps = 100;
        trainers.push_back(std::make_unique<hl::Trainer<T>>(
            std::move(program), kernels, hl::Objective<T>{hl::Loss::mean_squared_error, T(0), {}},
            optimizer, i, 1, false));
        int number = 0;
        for (T& weight : trainers.back()->parameters()) {
            weight = static_cast<T>(number++ * 37 % 19 - 9) / 100;
        }
        hl::FitSettings settings;
        settings.early_stop.measure = 1;
        settings.early_stop.patience = 1 + i;
        members.push_back(std::make_unique<hl::TrainerMember<T>>(
            *trainers.back(), rows, std::optional<hl::Rows<T>>(held_out), settings));
        jobs.push_back({members.back().get(), 3 + i % 2});
    }
    const auto go_on = [](const hl::Standing&) { return hl::Answer::go_on; };
    for (int call = 0; call < 2; ++call) hl::Population(jobs, 1e9, go_on).run(3);
    double loss = 0.0;
    for (const auto& member : members) loss += member->report().records.back()[1];
    return loss;
}

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
    std::printf("%zu epochs, losses %a and %a\n", report.records.size(), loss, live_together(all));
}

}  // namespace

int main() {
    live<float>();
    live<double>();
}
