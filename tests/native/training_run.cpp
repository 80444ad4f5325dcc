// Small lives of the engine with three threads, so that each activation, loss, optimizer and metric
// is in one of them: train with noise or normalisation, penalties, constraints and a partial last
// batch, watch validation rows, evaluate and predict few rows and many in turn, so that runs of one
// and of three threads follow each other closely. One line a life, with a hash of its weights and
// predictions. Then a small population, so that each schedule of the learning rate is in one of its
// members. tools/check_sanitizers.py builds it with the sanitizers, tools/check_arm.py for aarch64;
// the lines have to be equal in each.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <vector>

#include "../../native/engine/activity_penalty_step.hpp"
#include "../../native/engine/batch_norm_step.hpp"
#include "../../native/engine/column_moments.hpp"
#include "../../native/engine/dispatch.hpp"
#include "../../native/engine/dropout_step.hpp"
#include "../../native/engine/embedding_step.hpp"
#include "../../native/engine/feature_linear_step.hpp"
#include "../../native/engine/gaussian_steps.hpp"
#include "../../native/engine/member_dense_step.hpp"
#include "../../native/engine/member_scale_step.hpp"
#include "../../native/engine/merge_steps.hpp"
#include "../../native/engine/orthogonal.hpp"
#include "../../native/engine/piecewise_linear_step.hpp"
#include "../../native/engine/population.hpp"
#include "../../native/engine/quantiles.hpp"
#include "../../native/engine/unit_norm_step.hpp"
#include "../../native/engine/waves_step.hpp"
#include "hash.hpp"

namespace {

constexpr int features = 20, outputs = 4;
constexpr size_t many = 1030, few = 40;
constexpr int kinds[] = {
    static_cast<int>(hl::Activation::count), static_cast<int>(hl::Loss::count),
    static_cast<int>(hl::Optimizer::count),  static_cast<int>(hl::Metric::count),
    static_cast<int>(hl::Score::count),      static_cast<int>(hl::Reduction::count)};
constexpr int lives = std::max({kinds[0], 2 * kinds[1], kinds[2], kinds[3], kinds[4]});

constexpr int disturbances = 7;

// A noise or a normalisation.
template <class T>
int disturb(hl::Program<T>& program, int at, int which, const hl::Schedule& fading) {
    constexpr double endless = std::numeric_limits<double>::infinity();
    switch (which) {
        case 0:
            return hl::add_noise<hl::DropoutStep>(program, at, fading, at);
        case 1:
            return hl::add_batch_normalisation(program, at, 0.9, 1e-3, true, true);
        case 2:
            return hl::add_unit_normalisation(program, at, true, true, 1e-3, endless, true, true);
        case 3:
            return hl::add_noise<hl::AlphaDropoutStep>(program, at, fading, at);
        case 4:
            return hl::add_noise<hl::GaussianNoiseStep>(program, at, fading, at);
        case 5:
            return hl::add_noise<hl::GaussianDropoutStep>(program, at, fading, at);
        default:
            return hl::add_unit_normalisation(program, at, false, false, 0.0, 1e12, false, false);
    }
}

// A cross-entropy in its second life ends in a sigmoid that it is fused with. With members, there
// is dropout instead of the other disturbances.
template <class T>
hl::Program<T> program_of(hl::Activation activation, bool fused, int disturbance, bool has_members,
                          bool ruled) {
    const hl::ActivationFunction<T> function(activation, {T(0.3), T(1.7), T(0.1)});
    const hl::Schedule fading{.kind = hl::ScheduleKind::flat_cosine,
                              .settings = {0.2, std::numeric_limits<double>::quiet_NaN(), 0.5},
                              .is_open = true};
    hl::Program<T> program;
    int at = program.input(features);
    at = program.dense(at, 40, function, true);
    program.penalise(0, hl::Schedule::constant(0.0), fading);
    if (ruled) {
        hl::add_activity_penalty(program, at, fading, hl::Schedule::constant(0.02));
        program.penalise(0, {.factor = fading, .of_rows = !fused});
        program.constrain(0, {.kind = hl::Constraint::Kind::norm, .most = 0.3});
        program.constrain(1, {.kind = hl::Constraint::Kind::non_negative});
    }
    if (has_members) at = hl::add_member_scale(program, at, 3, true);
    at = disturb(program, at, has_members ? 0 : disturbance, fading);
    at = program.dense(at, 17, function, false);
    const auto last = fused ? hl::Activation::sigmoid : hl::Activation::linear;
    if (has_members) {
        at = hl::add_member_scale(program, at, 0, false);
        at = hl::add_member_dense(program, at, outputs, true);
        hl::add_member_mean(program, program.activation(at, {last, {}}));
    } else {
        program.dense(at, outputs, {last, {}}, true);
    }
    // The last kernel, before its bias, is narrow: in blocks of rows.
    if (ruled && !has_members) {
        const int kernel = static_cast<int>(program.parameters().size()) - 2;
        program.penalise(kernel, {.factor = hl::Schedule::constant(0.1), .of_rows = fused});
        program.constrain(kernel, {.kind = hl::Constraint::Kind::norm,
                                   .of_rows = fused,
                                   .least = 0.4,
                                   .most = 0.5,
                                   .rate = 0.5});
    }
    program.finish(fused);
    return program;
}

// Two features are category codes; the others go through bins and waves, and these through waves
// again, so that somebody wants the gradient of what comes in.
constexpr int codes = 1100, coded = 2, numbers = features - coded;
template <class T>
hl::Program<T> embedding_program() {
    hl::Program<T> program;
    program.input(features);
    const int table = hl::add_embedding(program, hl::add_slice(program, 0, coded), codes, 20);
    const int values = hl::add_slice(program, coded, numbers);
    const std::vector<std::vector<double>> edges(numbers, {0.1, 0.3, 0.8});
    int bins = hl::add_piecewise_linear(program, values, edges);
    bins = hl::add_feature_linear(program, bins, std::vector<int>(numbers, 2), 3, true, false);
    int waves = hl::add_waves(program, values, 4, false);
    waves = hl::add_feature_linear(program, waves, std::vector<int>(numbers, 8), 17, true, true);
    const int phased = hl::add_waves(program, bins, 2, true);
    const int all = hl::add_merge(program, {table, bins, waves, phased}, hl::Merge::concatenate);
    program.dense(all, outputs, {hl::Activation::linear, {}}, true);
    program.finish(false);
    return program;
}

template <class T>
struct Table {
    std::vector<T> inputs, targets, weights;

    Table() : inputs(many * features), targets(many * outputs), weights(many) {
        for (size_t i = 0; i < inputs.size(); ++i) inputs[i] = static_cast<T>(i % 97) / 97;
        for (size_t i = 0; i < many; ++i) {
            targets[i * outputs + i % outputs] = T(1);  // the first of them is a class number too
            weights[i] = static_cast<T>(i % 3);
        }
    }

    hl::Rows<T> rows(size_t n, bool weighted) const {
        return {inputs.data(),  n,       features,
                targets.data(), outputs, weighted ? weights.data() : nullptr};
    }
};

template <class T>
void set_weights(hl::Trainer<T>& trainer) {
    int number = 0;
    for (const hl::ParameterBlock& block : trainer.program().parameters()) {
        for (int i = 0; i < block.rows; ++i) {
            for (int j = 0; j < block.columns; ++j) {
                const T value = T(number++ * 37 % 19 - 9) / 100;
                // What is not trained is a mean or a variance.
                trainer.parameters()[block.at(i, j)] = block.trainable ? value : std::abs(value);
            }
        }
    }
}

// Some for any loss; as many as a quantile loss has outputs for each target.
std::vector<hl::Schedule> numbers_of(hl::Loss loss) {
    const auto constants = [](std::initializer_list<double> numbers) {
        std::vector<hl::Schedule> made;
        for (double number : numbers) made.push_back(hl::Schedule::constant(number));
        return made;
    };
    if (loss == hl::Loss::quantile) return constants({0.1, 0.9});
    auto some = constants({0.7, 0.2, 0.3, 0.4, 0.5, 0.6});
    some[0] = {.kind = hl::ScheduleKind::flat_cosine,
               .settings = {0.7, std::nan(""), 0.5},
               .is_open = true};
    return some;
}

// A metric of rows, one of their weights too, and two scores of all rows.
template <class T>
hl::Objective<T> objective_of(int number, bool fused) {
    const auto metric = static_cast<hl::Metric>(number % kinds[3]);
    const auto score = static_cast<hl::Score>(number % kinds[4]);
    const bool of_hits = score == hl::Score::precision || score == hl::Score::recall ||
                         score == hl::Score::fbeta_score;
    const auto average = static_cast<hl::Average>(number % static_cast<int>(hl::Average::count));
    const bool each = average == hl::Average::none && (of_hits || score == hl::Score::auc);
    const hl::ScoreSettings settings{
        .thresholds = number % 2 ? std::vector{0.5} : std::vector<double>{},
        .top_k = number % 3,
        .average = average,
        .precision_recall = number % 3 == 0,
        .one_against_one = number % 3 == 1,
        .power = number % 3,
        .bins = 10};
    const auto loss = static_cast<hl::Loss>(number % kinds[1]);
    hl::Objective<T> objective{.loss = loss,
                               .schedules = numbers_of(loss),
                               .of_logits = fused,
                               .reduction = static_cast<hl::Reduction>(number % kinds[5])};
    for (bool weighted : {false, true}) {
        objective.measures.push_back(
            {.of_rows = true, .metric = metric, .parameter = 0.4, .weighted = weighted});
        objective.measures.push_back({.of_rows = false,
                                      .score = score,
                                      .settings = settings,
                                      .weighted = weighted,
                                      .values = each ? outputs : 1});
    }
    objective.targets = static_cast<hl::Targets>(number % 3);
    if (number % 4 == 1) objective.link = hl::Activation::softmax;
    return objective;
}

// Each with what it can have besides; limits, accumulation and averages by turns.
hl::OptimizerSettings optimizer_of(int number) {
    hl::OptimizerSettings optimizer;
    optimizer.kind = static_cast<hl::Optimizer>(number % kinds[2]);
    if (optimizer.kind == hl::Optimizer::lbfgs) return optimizer;
    optimizer.has_momentum =
        optimizer.kind == hl::Optimizer::sgd || optimizer.kind == hl::Optimizer::rmsprop;
    optimizer.momentum = hl::Schedule::constant(0.9);
    optimizer.weight_decay = hl::Schedule::constant(0.01);
    optimizer.nesterov = number % 2 == 1;
    optimizer.centered = optimizer.kind == hl::Optimizer::rmsprop && number % 2 == 1;
    optimizer.amsgrad = optimizer.kind == hl::Optimizer::adam && number % 2 == 1;
    optimizer.clipping = static_cast<hl::Clipping>(number % 4);
    optimizer.limit = hl::Schedule::constant(0.01);
    optimizer.accumulation = 1 + number % 3 / 2;
    optimizer.averages = number % 5 == 1;
    optimizer.overwrites = 3;
    return optimizer;
}

template <class T>
void live(int number, hl::Program<T> program, bool fused, const Table<T>& table) {
    const auto& kernels = hl::kernels_of<T>(hl::kernels_for(hl::available_isas().back()));
    const hl::OptimizerSettings optimizer = optimizer_of(number);
    hl::Trainer<T> trainer(std::move(program), kernels, std::vector{objective_of<T>(number, fused)},
                           optimizer, 1, 3, false);
    set_weights(trainer);

    const hl::Rows<T> all = table.rows(many, true), some = table.rows(few, false);
    hl::FitSettings settings;
    settings.epochs = 4;
    settings.batch_size = 100;
    settings.early_stop.measure = trainer.measures();
    const hl::Report report = trainer.fit(all, &some, settings, {});

    Hash hash;
    hash.add(trainer.parameters().size(), trainer.parameters().data());
    hash.add(report.records.size() * report.records.width(), report.records.data());
    std::vector<T> predictions(many * outputs);
    for (int turn = 0; turn < 4; ++turn) {
        for (double value : trainer.evaluate(turn % 2 ? all : some, [] { return true; })) {
            hash.add(value);
        }
        trainer.predict(turn % 3 ? some : all, predictions.data(), [] { return true; });
        hash.add(predictions.size(), predictions.data());
    }
    std::printf("training<%d> %d %zu epochs %016llx\n", static_cast<int>(8 * sizeof(T)), number,
                report.records.size(), static_cast<unsigned long long>(hash.value()));
}

constexpr double open = std::numeric_limits<double>::quiet_NaN();
// In the order of the kinds.
constexpr hl::Schedule::Settings schedules[] = {
    {0.05},                            // constant
    {0.05, 7, 0.9},                    // exponential
    {0.01, 7, 0.1, 0.05, 3},           // cosine
    {0.05, 7, 0.01, 1.5, 1},           // polynomial
    {},                                // piecewise constant
    {0.05, 7, 0.5, 1},                 // inverse time
    {0.05, 3, 2, 0.9, 0.1},            // cosine with restarts
    {0.01, 0.05, 4},                   // linear warm-up
    {0.05, open, 0.3, 0, 25, 1e4, 1},  // one cycle
    {0.02, 0.05, 12, 0.3, 1},          // one cycle of the momentum
    {0.05, open},                      // coslog4
    {0.05, open, 0.5}};                // flat, then cosine
static_assert(std::size(schedules) == static_cast<size_t>(hl::ScheduleKind::count));

hl::Schedule schedule_of(int kind) {
    const auto& settings = schedules[kind];
    return {.kind = static_cast<hl::ScheduleKind>(kind),
            .settings = settings,
            .is_open = std::any_of(settings.begin(), settings.end(),
                                   [](double number) { return std::isnan(number); }),
            .boundaries = {3, 9},
            .values = {0.05, 0.02, 0.01}};
}

// A member a schedule, over every third row, on three threads, in two calls.
template <class T>
void live_together() {
    constexpr int members = static_cast<int>(hl::ScheduleKind::count);
    const auto& kernels = hl::kernels_of<T>(hl::kernels_for(hl::available_isas().back()));
    const Table<T> table;
    std::vector<uint32_t> places;
    for (uint32_t i = 0; i < many; i += 3) places.push_back(i);
    hl::Rows<T> rows = table.rows(places.size(), true);
    rows.subset = places.data();
    std::vector<std::unique_ptr<hl::Trainer<T>>> trainers;
    std::vector<std::unique_ptr<hl::TrainerMember<T>>> population;
    std::vector<hl::Job> jobs;
    for (int i = 0; i < members; ++i) {
        hl::OptimizerSettings optimizer;
        optimizer.kind = static_cast<hl::Optimizer>(i % kinds[2]);
        optimizer.learning_rate = schedule_of(i);
        trainers.push_back(std::make_unique<hl::Trainer<T>>(
            program_of<T>(hl::Activation::tanh, false, i % disturbances, false, i % 3 == 0),
            kernels, std::vector{hl::Objective<T>{.loss = hl::Loss::mean_squared_error}}, optimizer,
            i, 1, false));
        set_weights(*trainers.back());
        hl::FitSettings settings;
        settings.early_stop.measure = 1;
        settings.early_stop.patience = 1 + i;
        settings.plateau.measure = i % 3 == 0 ? 1 : -1;
        settings.plateau.patience = 1;
        population.push_back(std::make_unique<hl::TrainerMember<T>>(
            *trainers.back(), rows, table.rows(few, false), settings));
        jobs.push_back({population.back().get(), 1 + i % 2});
    }
    const auto go_on = [](const hl::Standing&) { return hl::Answer::go_on; };
    for (int call = 0; call < 2; ++call) hl::Population(jobs, 1e9, go_on).run(3);
    Hash hash;
    for (const auto& member : population) {
        hash.add(member->kept().size(), member->kept().data());
        const hl::Records& records = member->report().records;
        hash.add(records.size() * records.width(), records.data());
    }
    std::printf("population<%d> %016llx\n", static_cast<int>(8 * sizeof(T)),
                static_cast<unsigned long long>(hash.value()));
}

// What weights begin with. One line, with a hash of quantiles, of a matrix with orthonormal columns
// and of the moments of its columns.
void begin() {
    constexpr int rows = 40, columns = 23, count = rows * columns;
    std::vector<double> numbers(count), q(count), means(columns), squares(columns);
    for (int i = 0; i < count; ++i) {
        const double u = (i * 389 % count + 0.5) / count;
        numbers[i] = hl::normal_quantile(u - 0.5) + hl::exponential_quantile(u);
    }
    Hash hash;
    hash.add(count, numbers.data());
    hl::orthonormal_columns(rows, columns, numbers.data(), q.data());
    hash.add(count, q.data());
    const std::vector<double> counts(rows, 0.3);
    for (const double* weights : {counts.data(), static_cast<const double*>(nullptr)}) {
        hash.add(
            hl::column_moments(rows, columns, q.data(), weights, means.data(), squares.data()));
        hash.add(columns, means.data());
        hash.add(columns, squares.data());
    }
    std::printf("beginning %016llx\n", static_cast<unsigned long long>(hash.value()));
}

template <class T>
void live_each(int number) {
    const auto& kernels = hl::kernels_of<T>(hl::kernels_for(hl::available_isas().back()));
    const auto activation = static_cast<hl::Activation>(number % kinds[0]);
    const auto loss = static_cast<hl::Loss>(number % kinds[1]);
    const bool fused = number / kinds[1] % 2 == 1 && kernels.loss[static_cast<int>(loss)][true];
    const int disturbance = number % disturbances;
    const bool has_members = number % 3 == 2, ruled = number % 5 < 2;
    live<T>(number, program_of<T>(activation, fused, disturbance, has_members, ruled), fused,
            Table<T>());
}

template <class T>
void live_embedded(int number) {
    Table<T> table;
    for (size_t i = 0; i < many * coded; ++i) {
        table.inputs[i / coded * features + i % coded] = static_cast<T>(i * i % codes);
    }
    live<T>(number, embedding_program<T>(), false, table);
}

}  // namespace

int main() {
    begin();
    for (int number = 0; number < lives; ++number) {
        live_each<float>(number);
        live_each<double>(number);
    }
    for (int number : {0, 3}) {  // a rule that is woven, and one that waits for a norm
        live_embedded<float>(number);
        live_embedded<double>(number);
    }
    live_together<float>();
    live_together<double>();
}
